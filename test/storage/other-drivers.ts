import type { Executor, TransactingExecutor } from '@certwright/postgres'
import { CompiledQuery, type Kysely, type QueryExecutorProvider } from 'kysely'
import type { Sql, TransactionSql } from 'postgres'

/* What stands in packages/postgres/README.md for hosts with other drivers, as it stands there. */

const onPostgresJs = (sql: Sql | TransactionSql): Executor => ({
  async query(text, values) {
    // It takes an array for what its first element is, and bytes for no array of bytes (OID 1001).
    const bound = values.map((value) =>
      Array.isArray(value) && value[0] instanceof Uint8Array ? sql.array(value, 1001) : value,
    )
    const rows = await sql.unsafe(text, bound as never[], { prepare: true })
    return { rows, rowCount: rows.count }
  },
})

export const fromPostgresJs = (sql: Sql): TransactingExecutor => ({
  ...onPostgresJs(sql),
  transaction: (work) => sql.begin((tx) => work(onPostgresJs(tx))) as ReturnType<typeof work>,
})

const onKysely = (db: QueryExecutorProvider): Executor => ({
  async query(text, values) {
    const query = CompiledQuery.raw(text, [...values])
    const { rows, numAffectedRows } = await db.getExecutor().executeQuery<Record<string, unknown>>(query)
    return { rows, rowCount: Number(numAffectedRows ?? rows.length) }
  },
})

export const fromKysely = (db: Kysely<unknown>): TransactingExecutor => ({
  ...onKysely(db),
  transaction: (work) => db.transaction().execute((tx) => work(onKysely(tx))),
})
