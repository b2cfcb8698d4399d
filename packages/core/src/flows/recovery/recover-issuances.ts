import type { Reservation } from '../../ports/records.js'
import { staleReservationTime } from '../../rules/recovery/stale-reservation.js'
import { requireOperator } from '../../steps/access/check-permission.js'
import { currentTime, type Deps } from '../../steps/deps.js'
import type { Caller } from '../../steps/stages.js'
import { parseRecoveryQuery } from './recovery-requests.js'

export interface RecoveryReport {
  /**
   * Issuances that were begun, and whose process has not come back to finish them. Nobody was given a certificate; whether
   * one was signed cannot be known here. Each serial number is spent, and can be revoked (`revokeReservation`).
   */
  readonly unresolved: readonly Reservation[]
}

/**
 * What a crash has left open, as a host asks when it starts and whenever it likes. It changes nothing, because nothing has
 * to be repaired: what was reserved is never signed again, and an idempotency key is free for a retry when its lease is
 * over. Issuances that may still be running are left out.
 *
 * @throws {PkiError} `invalid_request` | `permission_denied`
 */
export async function recoverIssuances(input: unknown, caller: Caller, deps: Deps): Promise<RecoveryReport> {
  const { limit = 1000 } = parseRecoveryQuery(input)
  requireOperator(caller, 'list open issuances')
  const stale = staleReservationTime(currentTime(deps))
  return { unresolved: await deps.storage.listOpenReservations(stale, limit) }
}
