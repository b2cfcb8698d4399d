import type { Expectations } from './recollection.js'
import type { Statement } from './statement.js'

/*
 * What a transaction rests on, as part of the statement that commits it. Where it does not hold, the statement divides by
 * zero: plain SQL has no other way to fail, and nothing else here divides. `storageFault` knows the error.
 *
 * A row of a CA is the same if `xmin` is, the transaction that wrote it. It is locked as any row is that a decision rests on:
 * who is just changing it is waited for, and then its new version is compared.
 */

/** Writes, the first of which has to change as many rows as there are reservations; and what has to be true. */
export interface Expecting {
  readonly writes: readonly Statement[]
  readonly last: Statement
}

/** @param expected not empty */
export function expecting({ cas, reservationIds }: Expectations): Expecting {
  const closes = reservationIds.length === 0 ? [] : [closeOf(reservationIds)]
  const conditions: string[] = []
  const values: unknown[] = []
  if (closes.length > 0) {
    values.push(reservationIds.length)
    conditions.push('(SELECT count(*) FROM write_0) = $1::bigint')
  }
  if (cas.size > 0) {
    const at = values.length
    const seen = [...cas.values()]
    values.push(
      seen.map(({ id }) => id),
      seen.map(({ version }) => version),
      seen.length,
    )
    conditions.push(`(SELECT count(*) FROM (
      SELECT 1 FROM unnest($${at + 1}::text[], $${at + 2}::text[]) AS seen (id, version)
      JOIN @cas AS c ON c.id = seen.id AND c.xmin::text = seen.version FOR SHARE OF c
    ) AS unchanged) = $${at + 3}::bigint`)
  }
  const sql = `SELECT 1 / (CASE WHEN ${conditions.join(' AND ')} THEN 1 ELSE 0 END) AS holds`
  return { writes: closes, last: { sql, values, isKept: true } }
}

/** Many are no kept statement: a plan made while the table was small would scan the open ones. */
function closeOf(ids: readonly string[]): Statement {
  const set = 'UPDATE @reservations SET state = $1 WHERE state = $2 AND'
  if (ids.length === 1) {
    return { sql: `${set} id = $3 RETURNING 1`, values: ['recorded', 'open', ids[0]], isKept: true }
  }
  return { sql: `${set} id = ANY($3) RETURNING 1`, values: ['recorded', 'open', ids], isKept: false }
}
