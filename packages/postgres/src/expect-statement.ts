import { answerOf, claimOf, collectOf } from './idempotency-statements.js'
import type { Expectations } from './recollection.js'
import { closeOf } from './reservation-statements.js'
import type { Statement } from './statement.js'

/*
 * What a transaction rests on, as part of the statement that commits it. Where it does not hold, the statement divides by
 * zero: plain SQL has no other way to fail, and nothing else here divides. `storageFault` knows the error.
 *
 * A row of a CA is the same if `xmin` is, the transaction that wrote it. It is locked as any row is that a decision rests on:
 * who is just changing it is waited for, and then its new version is compared.
 */

/** Writes, the first ones of what `last` joins, and what has to be true. */
export interface Expecting {
  readonly writes: readonly Statement[]
  readonly last: Statement
}

/** @param expected not empty */
export function expecting({ cas, reservationIds, claims, answers }: Expectations): Expecting {
  const writes: Statement[] = []
  const conditions: string[] = []
  const values: unknown[] = []
  const expectRows = (write: Statement, count: number): void => {
    conditions.push(`(SELECT count(*) FROM write_${writes.length}) = $${values.push(count)}::bigint`)
    writes.push(write)
  }
  if (reservationIds.length > 0) expectRows(closeOf(reservationIds, 'recorded'), reservationIds.length)
  if (claims.length > 0) {
    expectRows(claimOf(claims), claims.length)
    writes.push(collectOf(claims))
  }
  if (answers.length > 0) expectRows(answerOf(answers), answers.length)
  if (cas.size > 0) {
    const seen = [...cas.values()]
    const ids = values.push(seen.map(({ id }) => id))
    const versions = values.push(seen.map(({ version }) => version))
    conditions.push(`(SELECT count(*) FROM (
      SELECT 1 FROM unnest($${ids}::text[], $${versions}::text[]) AS seen (id, version)
      JOIN @cas AS c ON c.id = seen.id AND c.xmin::text = seen.version FOR SHARE OF c
    ) AS unchanged) = $${values.push(seen.length)}::bigint`)
  }
  const sql = `SELECT 1 / (CASE WHEN ${conditions.join(' AND ')} THEN 1 ELSE 0 END) AS holds`
  return { writes, last: { sql, values, isKept: true } }
}
