import { PkiError } from '../../errors/pki-error.js'
import type { Reservation, ReservationState } from '../../ports/records.js'

/**
 * A reservation that is open for longer belongs to no running request: the idempotency key of one is free for another
 * after the same time (rules/idempotency/replay.ts), and none is signed for that long.
 */
const staleAfterSeconds = 120

/** Whatever was reserved at this time or before. */
export const staleReservationTime = (now: Date): Date => new Date(now.getTime() - staleAfterSeconds * 1000)

/**
 * Only what has no certificate is revoked by its serial number, and not while it may still be signed: that signature would
 * be recorded and handed out as good.
 *
 * @throws {PkiError} `transition_refused`
 */
export function checkIsGivenUp(
  { reservation, state }: { readonly reservation: Reservation; readonly state: ReservationState },
  now: Date,
): void {
  if (state === 'recorded') {
    throw refused(state, `it belongs to ${recordOf[reservation.kind]}; revoke that by its id`)
  }
  if (state === 'archived') {
    throw refused(state, 'it belongs to a certificate that has expired, and is archived')
  }
  if (state === 'open' && reservation.reservedAt > staleReservationTime(now)) {
    throw refused(state, `its issuance may still be running; try again in ${staleAfterSeconds} seconds`)
  }
}

const recordOf: Readonly<Record<Reservation['kind'], string>> = {
  certificate: 'a certificate that is kept',
  ca: 'a CA that is kept',
  ocspResponder: 'an OCSP responder, whose certificate has no revocation (RFC 6960 §4.2.2.2.1)',
}

const refused = (from: ReservationState, state: string): PkiError<'transition_refused'> =>
  new PkiError('transition_refused', `Cannot revoke serial number: ${state}`, { from, to: 'revoked' })
