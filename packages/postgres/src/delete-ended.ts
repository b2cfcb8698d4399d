import type { Statement } from './statement.js'

/** What has ended, in one table. */
export interface Ended {
  readonly table: string
  /** When a row ends, in SQL. */
  readonly end: string
  /** Whether it has ended, in SQL; the first of `values` is `$2`. */
  readonly condition: string
  readonly values?: readonly unknown[]
  /** Rows that are deleted at most. */
  readonly limit: number
}

/** The oldest first, by place, and past those that others are deleting: collectors do not wait for each other. */
export function deleteEnded({ table, end, condition, values = [], limit }: Ended): Statement {
  const sql = `
    DELETE FROM @${table} AS r USING (
      SELECT unnest(ARRAY(
        SELECT ctid FROM @${table} WHERE ${condition} ORDER BY ${end} LIMIT $1 FOR UPDATE SKIP LOCKED
      )) AS place LIMIT $1
    ) AS ended WHERE r.ctid = ended.place`
  return { sql, values: [limit, ...values], isKept: true }
}
