import { PkiError } from '../../errors/pki-error.js'
import type { Reservation } from '../../ports/records.js'
import type { SerialStatus } from '../../ports/storage.js'
import { checkIsGivenUp } from '../../rules/recovery/stale-reservation.js'
import { checkTransition, revocationState, type SettableReason } from '../../rules/revocation/transitions.js'
import { checkPermission, requireOperator } from '../../steps/access/check-permission.js'
import { currentTime, type Deps } from '../../steps/deps.js'
import { unlockIssuer } from '../../steps/issuer/find-issuer.js'
import { recordRevocation } from '../../steps/recording/record-revocation.js'
import { transitionRefused } from '../../steps/revocation/transition-refused.js'
import type { Caller } from '../../steps/stages.js'
import type { SerialNumber } from '../../x509/serial-number.js'
import { whileUnlocked } from '../while-unlocked.js'
import { parseRevokeReservation } from './recovery-requests.js'

export interface RevokedReservation {
  readonly reservation: Reservation
  readonly revokedAt: Date
  readonly reason: SettableReason
}

/**
 * Revoke a serial number that was reserved and has no certificate: if there was a signature, and somebody has it, no
 * relying party that looks will take it. An issuance that comes back after all is refused and hands out nothing.
 *
 * @param input a `RevokeReservationRequest`; unknown, because it is parsed here
 * @throws {PkiError} `invalid_request` | `permission_denied` | `ca_not_found` | `certificate_not_found`: the CA never
 *   reserved it | `transition_refused`: it has a certificate, or may get one yet | `already_revoked` |
 *   `passphrase_required` | `wrong_passphrase`
 */
export async function revokeReservation(
  input: unknown,
  caller: Caller,
  deps: Deps,
): Promise<RevokedReservation> {
  const { caId, serialNumber, reason, caPassphrase } = parseRevokeReservation(input)
  const principal = requireOperator(caller, 'revoke serial number')
  const { ca } = await checkPermission({ caId, action: 'revoke' }, caller, deps.storage)
  const status = await deps.storage.findSerial(caId, serialNumber)
  if (status === undefined) throw neverReserved(caId, serialNumber)
  const revokedAt = currentTime(deps)
  checkIsGivenUp(status, revokedAt)
  const replacesHold = checkReason(status, reason)
  const issuer = await unlockIssuer(ca, caPassphrase, deps)

  const { reservation } = status
  const { id, kind, notAfter } = reservation
  const type = kind === 'ca' ? 'ca.revoked' : 'certificate.revoked'
  const subject = { id, workspaceId: ca.workspaceId, type, replacesHold, isReservation: true } as const
  const revocation = { caId, serialNumber, notAfter, revokedAt, reason }
  if (!(await recordRevocation(revocation, subject, principal, deps))) throw lostRace(id, revokedAt)
  await whileUnlocked(issuer, principal, deps)
  return { reservation, revokedAt, reason }
}

/** @returns whether the serial number is on hold */
function checkReason({ reservation, revocation }: SerialStatus, reason: SettableReason): boolean {
  const { revokedAt } = revocation ?? {}
  const state = revocationState({ revokedAt, revocationReason: revocation?.reason })
  const verdict = checkTransition({ subject: 'reservation', state }, reason)
  if (!verdict.ok) throw transitionRefused({ id: reservation.id, state, revokedAt }, verdict)
  return state === 'held'
}

function neverReserved(caId: string, serialNumber: SerialNumber): PkiError<'certificate_not_found'> {
  const message = `Cannot revoke serial number: CA ${caId} has never reserved ${serialNumber}`
  return new PkiError('certificate_not_found', message, { certificateId: serialNumber })
}

function lostRace(certificateId: string, revokedAt: Date): PkiError<'already_revoked'> {
  const message = 'Cannot revoke serial number: its status has just changed, look again'
  return new PkiError('already_revoked', message, { certificateId, revokedAt })
}
