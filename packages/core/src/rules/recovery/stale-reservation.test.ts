import { describe, expect, it } from 'vitest'
import type { Reservation, ReservationState } from '../../ports/records.js'
import { parseSerialNumber } from '../../x509/serial-number.js'
import { runningLeaseSeconds } from '../idempotency/replay.js'
import { checkIsGivenUp, staleReservationTime } from './stale-reservation.js'

const now = new Date('2026-06-01T12:00:00Z')
const ago = (seconds: number): Date => new Date(now.getTime() - seconds * 1000)

function revoke(state: ReservationState, reservedAt: Date, kind: Reservation['kind'] = 'certificate'): void {
  const reservation = { kind, reservedAt, serialNumber: parseSerialNumber('4f00000000000001') } as Reservation
  checkIsGivenUp({ reservation, state }, now)
}

describe('a serial number may be revoked by itself', () => {
  it('as soon as the reservation is too old for any running request, and not a millisecond before', () => {
    expect(() => revoke('open', ago(120))).not.toThrow()
    expect(() => revoke('open', ago(119.999))).toThrow(
      expect.objectContaining({ code: 'transition_refused', context: { from: 'open', to: 'revoked' } }),
    )
    expect(staleReservationTime(now)).toEqual(ago(120))
  })

  it('whatever its age, where the issuance has ended without a certificate', () => {
    expect(() => revoke('abandoned', now)).not.toThrow()
  })

  it.each([
    ['certificate', 'a certificate that is kept'],
    ['ca', 'a CA that is kept'],
    ['ocspResponder', 'an OCSP responder'],
  ] as const)('and never where there is %s: that is revoked by its id', (kind, what) => {
    expect(() => revoke('recorded', ago(86_400), kind)).toThrow(
      expect.objectContaining({
        code: 'transition_refused',
        message: expect.stringContaining(what) as string,
      }),
    )
  })

  it('and never where the certificate has expired, and is archived', () => {
    expect(() => revoke('archived', ago(86_400))).toThrow(
      expect.objectContaining({ code: 'transition_refused', context: { from: 'archived', to: 'revoked' } }),
    )
  })

  it('no earlier than the idempotency key of its request is free for another', () => {
    expect(() => revoke('open', ago(runningLeaseSeconds - 1))).toThrow('may still be running')
    expect(() => revoke('open', ago(runningLeaseSeconds))).not.toThrow()
  })
})
