import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAuthority, operator, type Storage } from '@certwright/core'
import { memoryCustody, memoryStorage } from '@certwright/memory'
import { fromPool, migrate, postgresStorage } from '@certwright/postgres'
import { sqliteStorage } from '@certwright/sqlite'
import pg from 'pg'
import type { Contender } from '../measure.js'
import { fillMemory, fillPostgres, fillSqlite } from '../status-log/fill.js'
import { openLibsql } from '../storage/libsql.js'

const me = { principal: operator('bench') }

/** Entries that the status log has. The second is where Vault was seen to take two to three seconds. */
export const entriesBefore = [0, 17_000, 1_000_000] as const

/** A CA with certificates to revoke. */
export interface Revoking {
  readonly contender: Contender
  readonly close: () => Promise<void>
}

export async function onMemory(before: number, certificates: number): Promise<Revoking> {
  const storage = memoryStorage()
  const { caId, revokeNext } = await caWith(storage, certificates)
  await fillMemory(storage, caId, before)
  return { contender: contender('memory', before, revokeNext), close: async () => undefined }
}

export async function onSqlite(before: number, certificates: number): Promise<Revoking> {
  const folder = mkdtempSync(join(tmpdir(), 'certwright-bench-'))
  const path = join(folder, 'revoked.db')
  const storage = sqliteStorage(path)
  const { caId, revokeNext } = await caWith(storage, certificates)
  const database = openLibsql(path)
  fillSqlite(database, caId, before)
  database.close()
  return {
    contender: contender('SQLite', before, revokeNext),
    async close() {
      await storage.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export async function onPostgres(
  databaseUrl: string,
  before: number,
  certificates: number,
): Promise<Revoking> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 4 })
  const schema = `bench_${process.pid}_${before}`
  await migrate(fromPool(pool), { schema })
  const { caId, revokeNext } = await caWith(postgresStorage(fromPool(pool), { schema }), certificates)
  await fillPostgres(pool, { schema, caId }, before)
  return {
    contender: contender('Postgres', before, revokeNext),
    async close() {
      await pool.query(`DROP SCHEMA ${schema} CASCADE`)
      await pool.end()
    },
  }
}

async function caWith(storage: Storage, certificates: number) {
  const authority = createAuthority({ storage, custody: memoryCustody() })
  const { id: caId } = await authority.createRoot({ name: 'Bench Root' }, me)
  const ids: string[] = []
  for (let left = certificates; left > 0; left -= 1000) {
    const requests = Array.from({ length: Math.min(left, 1000) }, (_, i) => ({
      caId,
      commonName: `host-${i}.example.org`,
    }))
    ids.push(...(await authority.issueMany(requests, me)).map(({ certificate }) => certificate.id))
  }
  const revokeNext = () => authority.revoke({ certificateId: ids.pop() ?? '', reason: 'keyCompromise' }, me)
  return { caId, revokeNext }
}

const nameOf = (store: string, before: number): string =>
  `${store}, ${before.toLocaleString('en')} revoked before`

function contender(store: string, before: number, revokeNext: () => Promise<unknown>): Contender {
  return {
    name: nameOf(store, before),
    async run(count) {
      for (let i = 0; i < count; i++) await revokeNext()
    },
    ...(before > 0 && { limit: nameOf(store, 0) }),
  }
}
