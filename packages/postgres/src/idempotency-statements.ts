import type { IdempotencyRecord } from '@certwright/core'
import type { Columns } from '@certwright/sql'
import { deleteEnded } from './delete-ended.js'
import { insertOf, type Statement } from './statement.js'

/** A claim to an idempotency key, by column, as of a time in seconds: a record that has run out by then is nobody's. */
export interface Claim {
  readonly record: Columns
  readonly time: number
}

/** Expired records that are collected with one claim, and with several: more than they add. */
const collectedByOne = 4
const collectedByMany = 256

export type IdempotencyKey = Pick<IdempotencyRecord, 'scope' | 'keyHash'>

/** The records of keys, no two the same, that are live at a time in seconds. */
export function liveOf(keys: readonly IdempotencyKey[], time: number): Statement {
  const sql = `
    SELECT r.scope, r.key_hash, r.request_hash, r.certificate_id, r.state, r.live_until
    FROM (SELECT * FROM unnest($1::text[], $2::text[]) AS names (key_hash, scope) LIMIT $3) AS asked
    JOIN @idempotency_records AS r ON r.key_hash = asked.key_hash AND r.scope = asked.scope
    WHERE r.live_until > $4`
  const values = [keys.map(({ keyHash }) => keyHash), keys.map(({ scope }) => scope), keys.length, time]
  return { sql, values, isKept: true }
}

/** Of several keys, no two the same. Whoever comes second waits here for the first to commit or roll back. */
export function claimOf(claims: readonly Claim[]): Statement {
  const { sql, values, isKept } = insertOf({
    table: 'idempotency_records',
    rows: claims.map(({ record }) => record),
  })
  const unlessTaken = `
    ON CONFLICT (key_hash, scope) DO UPDATE SET
      request_hash = excluded.request_hash, certificate_id = excluded.certificate_id,
      state = excluded.state, live_until = excluded.live_until
    WHERE idempotency_records.live_until <= $${values.length + 1}::bigint RETURNING 1`
  return { sql: sql + unlessTaken, values: [...values, earliestOf(claims)], isKept }
}

/** What is being claimed stays: one statement cannot change a row twice. */
export function collectOf(claims: readonly Claim[]): Statement {
  return deleteEnded({
    table: 'idempotency_records',
    end: 'live_until',
    condition: 'live_until <= $2 AND NOT key_hash = ANY($3::text[])',
    values: [earliestOf(claims), claims.map(({ record }) => record['key_hash'])],
    limit: claims.length === 1 ? collectedByOne : collectedByMany,
  })
}

/** A lease that ran out and was collected is nobody's: the answer is kept all the same. */
export function answerOf(rows: readonly Columns[]): Statement {
  const { sql, values, isKept } = insertOf({ table: 'idempotency_records', rows })
  const unlessTaken = `
    ON CONFLICT (key_hash, scope) DO UPDATE SET
      request_hash = excluded.request_hash, state = excluded.state, live_until = excluded.live_until
    WHERE idempotency_records.certificate_id = excluded.certificate_id RETURNING 1`
  return { sql: sql + unlessTaken, values, isKept }
}

const earliestOf = (claims: readonly Claim[]): number => Math.min(...claims.map(({ time }) => time))
