import type { IdempotencyRecord } from '@certwright/core'
import type { Columns } from '@certwright/sql'
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

/**
 * The records of keys, no two the same, that are live at a time in seconds. By LIMIT each key is looked up by itself, with
 * the index: for a join, Postgres reads the whole of a table that was never analyzed.
 */
export function liveOf(keys: readonly IdempotencyKey[], time: number): Statement {
  const sql = `
    SELECT live.* FROM unnest($1::text[], $2::text[]) AS asked (key_hash, scope), LATERAL (
      SELECT scope, key_hash, request_hash, certificate_id, state, live_until FROM @idempotency_records
      WHERE key_hash = asked.key_hash AND scope = asked.scope AND live_until > $3 LIMIT 1) AS live`
  const values = [keys.map(({ keyHash }) => keyHash), keys.map(({ scope }) => scope), time]
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

/**
 * By place: no plan for it scans the table, however small that was when the plan was made. What is being claimed stays: one
 * statement cannot change a row twice.
 */
export function collectOf(claims: readonly Claim[]): Statement {
  const limit = claims.length === 1 ? collectedByOne : collectedByMany
  const sql = `
    DELETE FROM @idempotency_records WHERE ctid = ANY(ARRAY(
      SELECT ctid FROM @idempotency_records WHERE live_until <= $1 AND NOT key_hash = ANY($2::text[])
      ORDER BY live_until LIMIT ${limit} FOR UPDATE SKIP LOCKED))`
  const keys = claims.map(({ record }) => record['key_hash'])
  return { sql, values: [earliestOf(claims), keys], isKept: true }
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
