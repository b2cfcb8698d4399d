import { fromPool, migrate, postgresStorage } from '@certwright/postgres'
import type { StorageFactory } from '@certwright/testing'
import type pg from 'pg'
import { bundledProcess } from './bundled-process.js'
import { tables } from './sqlite-stores.js'

let schemas = 0
export const nextSchema = (): string => `t${process.pid}_${schemas++}`

/**
 * Postgres, each store in a schema of its own.
 *
 * @param server asked for when the first store is opened
 */
export const postgresStores = (
  server: () => { readonly pool: pg.Pool; readonly url: string },
): StorageFactory => ({
  async open() {
    const { pool, url } = server()
    const schema = nextSchema()
    await migrate(fromPool(pool), { schema })
    return {
      storage: postgresStorage(fromPool(pool), { schema }),
      probe: {
        async countRows(kind) {
          const { rows } = await pool.query<{ n: string }>(
            `SELECT count(*) AS n FROM ${schema}.${tables[kind]}`,
          )
          return Number(rows[0]?.n)
        },
        async certificateDer(certificateId) {
          const sql = `SELECT certificate_der AS der FROM ${schema}.certificates WHERE id = $1`
          const { rows } = await pool.query<{ der: Uint8Array }>(sql, [certificateId])
          return rows[0]?.der
        },
      },
      otherProcess: {
        module: await bundledProcess('postgres-process.mjs'),
        argument: JSON.stringify({ url, schema }),
      },
      close: () => pool.query(`DROP SCHEMA ${schema} CASCADE`).then(() => undefined),
    }
  },
})
