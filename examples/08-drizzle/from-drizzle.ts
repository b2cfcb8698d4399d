import type { Executor } from '@certwright/postgres'
import { sql } from 'drizzle-orm'
import type { NodePgDatabase } from 'drizzle-orm/node-postgres'

/** A transaction of Drizzle's as Certwright's adapter takes it: any driver that runs a statement can be put behind it. */
export const fromDrizzle = (tx: Pick<NodePgDatabase, 'execute'>): Executor => ({
  async query(text, values) {
    const { rows, rowCount } = await tx.execute(statement(text, values))
    return { rows, rowCount: rowCount ?? 0 }
  },
})

/** `$1` stands for the first value; `sql.param` passes it on as it is, also where it is an array. */
function statement(text: string, values: readonly unknown[]) {
  const parts = text.split(/\$(\d+)/)
  return sql.join(parts.map((part, i) => (i % 2 === 0 ? sql.raw(part) : sql.param(values[Number(part) - 1]))))
}
