import type { CrlReason, Reservation, SerialStatus } from '@certwright/core'
import { type Finding, finding } from './finding.js'
import { sha256Hex } from './reading.js'

/** What is recorded was reserved: for it and nothing else, with these bytes, and the reservation is closed. */
export async function* checkReservation(
  recorded: { readonly id: string; readonly kind: Reservation['kind']; readonly tbsDer: Uint8Array },
  status: SerialStatus | undefined,
  subject: string,
): AsyncGenerator<Finding> {
  if (status === undefined) {
    yield finding('reservation', subject, 'its serial number was never reserved')
    return
  }
  const { reservation, state } = status
  if (reservation.id !== recorded.id || reservation.kind !== recorded.kind) {
    yield finding(
      'reservation',
      subject,
      `its serial number was reserved for ${reservation.kind} ${reservation.id}`,
    )
    return
  }
  if (state !== 'recorded')
    yield finding('reservation', subject, `it is kept, and its reservation is ${state}`)
  if (reservation.tbsHash !== (await sha256Hex(recorded.tbsDer))) {
    yield finding('reservation', subject, 'its reservation was made for other bytes')
  }
}

/** The record says the same as the status log. */
export function* checkFlags(
  record: { readonly revokedAt?: Date; readonly revocationReason?: CrlReason },
  status: SerialStatus | undefined,
  subject: string,
): Generator<Finding> {
  // The log keeps the end of a hold; the record has forgotten the hold.
  const last = status?.revocation
  const revocation = last?.reason === 'removeFromCRL' ? undefined : last
  const isSame =
    record.revokedAt?.getTime() === revocation?.revokedAt.getTime() &&
    record.revocationReason === revocation?.reason
  if (isSame) return
  yield finding(
    'revocation',
    subject,
    `its record says ${said(record.revokedAt, record.revocationReason)}, the status log ${said(revocation?.revokedAt, revocation?.reason)}`,
  )
}

const said = (at: Date | undefined, reason: CrlReason | undefined): string =>
  at === undefined ? 'not revoked' : `revoked ${at.toISOString()}, ${reason}`
