import { randomBytes } from 'node:crypto'
import { fromPool, migrate, postgresStorage } from '@certwright/postgres'
import pg from 'pg'
import { startPostgres } from '../../test/storage/postgres-server.js'
import type { Contender } from '../measure.js'
import { callers, concurrently, issuing, portion } from './issuing.js'

/** A server of our own, or that of DATABASE_URL, in schemas that are dropped at the end. */
export async function onPostgres(csrs: readonly string[]) {
  const server = await startPostgres()
  const pool = new pg.Pool({ connectionString: server.url, max: callers })
  const schema = `bench_${process.pid}`
  await migrate(fromPool(pool), { schema })
  const { one, many, certificateDer } = await issuing(postgresStorage(fromPool(pool), { schema }), csrs)
  await pool.query(`CREATE TABLE ${schema}.raw (serial TEXT PRIMARY KEY, der BYTEA NOT NULL)`)
  const text = `INSERT INTO ${schema}.raw VALUES ($1, $2)`
  const der = Buffer.from(certificateDer)
  const insert = () => pool.query({ name: 'raw', text, values: [randomBytes(20).toString('hex'), der] })

  const raw = { name: 'Postgres: raw INSERT', run: (count: number) => concurrently(count, insert) }
  const contenders: readonly Contender[] = [
    raw,
    { name: 'Postgres: issue, 16 callers', run: one, limit: raw.name, portion },
    { name: 'Postgres: issueMany', run: many, limit: raw.name, portion },
  ]
  return {
    contenders,
    /** The row that none can beat. */
    limit: raw.name,
    async close() {
      await pool.query(`DROP SCHEMA ${schema} CASCADE`)
      await pool.end()
      await server.stop()
    },
  }
}
