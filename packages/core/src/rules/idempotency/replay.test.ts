import { describe, expect, it } from 'vitest'
import type { IdempotencyRecord } from '../../ports/records.js'
import { replayedCertificateId } from './replay.js'

const record = (state: IdempotencyRecord['state']): IdempotencyRecord => ({
  scope: 'operator:tests:issue:ca1',
  keyHash: 'aa',
  requestHash: 'bb',
  certificateId: 'c1',
  state,
  liveUntil: new Date(0),
})

describe('a request whose idempotency key is in use', () => {
  it('is answered with the certificate of the first one, where that is answered', () => {
    expect(replayedCertificateId(record('completed'), { requestHash: 'bb' })).toBe('c1')
  })

  it('is told to come back while the first one runs', () => {
    expect(() => replayedCertificateId(record('running'), { requestHash: 'bb' })).toThrow(
      expect.objectContaining({ code: 'idempotency_in_progress', context: { retryAfterSeconds: 2 } }),
    )
  })

  it.each(['running', 'completed'] as const)('is refused where it is another request (%s)', (state) => {
    expect(() => replayedCertificateId(record(state), { requestHash: 'cc' })).toThrow(
      expect.objectContaining({ code: 'idempotency_mismatch', context: {} }),
    )
  })
})
