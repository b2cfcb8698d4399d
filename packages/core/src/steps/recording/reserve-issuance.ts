import { hexEncode } from '../../encoding/hex.js'
import type { IdempotencyRecord, Reservation } from '../../ports/records.js'
import { inProgress, replayedCertificateId, runningLeaseSeconds } from '../../rules/idempotency/replay.js'
import { currentTime, type Deps } from '../deps.js'
import type { CheckedTbs, IdempotencyClaim, ReservedTbs } from '../stages.js'
import { transact } from './transact.js'

/**
 * The first transaction of every issuance: from here on the serial number is known, whatever happens. What is written
 * tells which bytes were meant, so that a signature found later can be matched.
 *
 * @param intent.id of the certificate or CA to be
 * @param intent.caId the issuer, whose serial number it is
 * @throws {PkiError} `idempotency_mismatch` | `idempotency_in_progress`: another request came first
 */
export async function reserveIssuance(
  checked: CheckedTbs,
  intent: {
    readonly id: string
    readonly caId: string
    readonly kind: Reservation['kind']
    readonly claim?: IdempotencyClaim | undefined
  },
  deps: Deps,
): Promise<ReservedTbs> {
  const now = currentTime(deps)
  const reservation: Reservation = {
    id: intent.id,
    caId: intent.caId,
    kind: intent.kind,
    serialNumber: checked.serialNumber,
    tbsHash: hexEncode(await deps.crypto.digest('SHA-256', checked.tbsDer)),
    notAfter: checked.notAfter,
    reservedAt: now,
  }
  const idempotency = intent.claim && runningRecord(intent.claim, intent.id, now)
  await transact(deps.storage, async (tx) => {
    if (idempotency !== undefined) {
      const inTheWay = await tx.claimIdempotencyKey(idempotency, now)
      if (inTheWay !== undefined) {
        replayedCertificateId(inTheWay, idempotency)
        // Answered since we looked: the client's next try gets that answer.
        throw inProgress()
      }
    }
    await tx.insertReservation(reservation)
  })
  return { tbsDer: checked.tbsDer, reservation, ...(idempotency && { idempotency }) } as ReservedTbs
}

const runningRecord = (claim: IdempotencyClaim, certificateId: string, now: Date): IdempotencyRecord => ({
  ...claim,
  certificateId,
  state: 'running',
  liveUntil: new Date(now.getTime() + runningLeaseSeconds * 1000),
})
