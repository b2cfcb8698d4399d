import type { IdempotencyRecord } from '@certwright/core'
import { expect, it } from 'vitest'
import { claim, complete } from './idempotency.js'
import { commitDraft, draftOf, emptyTables } from './tables.js'

const now = new Date('2026-03-01T12:00:00Z')
const record = (change: Partial<IdempotencyRecord>): IdempotencyRecord => ({
  scope: 'k1 issue ca1',
  keyHash: '12'.repeat(32),
  requestHash: '34'.repeat(32),
  certificateId: 'c1',
  state: 'running',
  liveUntil: now,
  ...change,
})

it('keeps no more records than are live, and a few', () => {
  const tables = emptyTables()
  for (let minute = 0; minute < 1000; minute++) {
    const time = new Date(now.getTime() + minute * 60_000)
    const draft = draftOf(tables)
    const request = record({ scope: `${minute}`, liveUntil: new Date(time.getTime() + 30_000) })
    claim(draft, request, time)
    if (minute % 2 === 0) complete(draft, { ...request, liveUntil: new Date(time.getTime() + 600_000) })
    commitDraft(draft)
    expect(tables.idempotencyRecords.size).toBeLessThan(16)
  }
})
