import type { IdempotencyRecord } from '@certwright/core'
import { type Draft, idempotencyKey, type Tables } from './tables.js'

/*
 * Idempotency records: claimed → completed, or released. A record that is not live any more counts as absent: it is
 * overwritten by the next claim of its key, and collected by the next claims of other keys.
 */

/**
 * How many expired records one claim collects: more than the one that it adds, so that the table shrinks to what is
 * live. The table is in the order of the first claims and a live record at its head ends the search; a completed one
 * lives for 24 hours, so an expired lease behind it stays for no longer than that.
 */
const collectedPerClaim = 4

export function liveRecord(
  tables: Tables,
  key: Pick<IdempotencyRecord, 'scope' | 'keyHash'>,
  now: Date,
): IdempotencyRecord | undefined {
  const record = tables.idempotencyRecords.get(idempotencyKey(key))
  return record !== undefined && isLive(record, now) ? record : undefined
}

/** Keep the record; the caller has seen that no live one stands in the way. */
export function claim(draft: Draft, record: IdempotencyRecord, now: Date): void {
  collectExpired(draft, now)
  draft.idempotencyRecords.set(idempotencyKey(record), record)
}

/** @returns false where the record is another certificate's by now */
export function complete(draft: Draft, record: IdempotencyRecord): boolean {
  const key = idempotencyKey(record)
  const holder = draft.idempotencyRecords.get(key)
  // A lease that ran out and was collected is nobody's: the answer is kept all the same.
  if (holder !== undefined && holder.certificateId !== record.certificateId) return false
  draft.idempotencyRecords.set(key, { ...record, state: 'completed' })
  return true
}

export function release(draft: Draft, record: IdempotencyRecord): void {
  const key = idempotencyKey(record)
  if (draft.idempotencyRecords.get(key)?.certificateId === record.certificateId) {
    draft.idempotencyRecords.delete(key)
  }
}

function collectExpired(draft: Draft, now: Date): void {
  const expired: IdempotencyRecord[] = []
  for (const record of draft.idempotencyRecords.values()) {
    if (isLive(record, now) || expired.length === collectedPerClaim) break
    expired.push(record)
  }
  for (const record of expired) draft.idempotencyRecords.delete(idempotencyKey(record))
}

const isLive = (record: IdempotencyRecord, now: Date): boolean => now.getTime() < record.liveUntil.getTime()
