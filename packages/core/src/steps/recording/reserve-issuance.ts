import { hexEncode } from '../../encoding/hex.js'
import type { IdempotencyRecord, Reservation } from '../../ports/records.js'
import { inProgress, replayedCertificateId, runningLeaseSeconds } from '../../rules/idempotency/replay.js'
import { currentTime, type Deps } from '../deps.js'
import type { CheckedTbs, IdempotencyClaim, ReservedTbs } from '../stages.js'
import { transact } from './transact.js'

export interface ReservationIntent {
  /** Of the certificate or CA to be. */
  readonly id: string
  /** The issuer, whose serial number it is. */
  readonly caId: string
  readonly kind: Reservation['kind']
}

/**
 * The first transaction of every issuance: from here on the serial number is known, whatever happens. What is written
 * tells which bytes were meant, so that a signature found later can be matched.
 *
 * @throws {PkiError} `idempotency_mismatch` | `idempotency_in_progress`: another request came first
 */
export async function reserveIssuance(
  checked: CheckedTbs,
  intent: ReservationIntent & { readonly claim?: IdempotencyClaim | undefined },
  deps: Deps,
): Promise<ReservedTbs> {
  const now = currentTime(deps)
  const reservation = await reservationOf(checked, intent, now, deps)
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
    await tx.insertReservations([reservation])
  })
  return { tbsDer: checked.tbsDer, reservation, ...(idempotency && { idempotency }) } as ReservedTbs
}

/** The same for many in one transaction, all or none, without idempotency keys. */
export async function reserveIssuances(
  asked: readonly { readonly checked: CheckedTbs; readonly intent: ReservationIntent }[],
  deps: Deps,
): Promise<readonly ReservedTbs[]> {
  const now = currentTime(deps)
  const reserved: { tbsDer: Uint8Array; reservation: Reservation }[] = []
  for (const { checked, intent } of asked) {
    const reservation = await reservationOf(checked, intent, now, deps)
    reserved.push({ tbsDer: checked.tbsDer, reservation })
  }
  await transact(deps.storage, (tx) => tx.insertReservations(reserved.map(({ reservation }) => reservation)))
  return reserved as unknown as readonly ReservedTbs[]
}

async function reservationOf(
  checked: CheckedTbs,
  { id, caId, kind }: ReservationIntent,
  reservedAt: Date,
  deps: Deps,
): Promise<Reservation> {
  const { serialNumber, notAfter, tbsDer } = checked
  const tbsHash = hexEncode(await deps.crypto.digest('SHA-256', tbsDer))
  return { id, caId, kind, serialNumber, tbsHash, notAfter, reservedAt }
}

const runningRecord = (claim: IdempotencyClaim, certificateId: string, now: Date): IdempotencyRecord => ({
  certificateId,
  ...claim,
  state: 'running',
  liveUntil: new Date(now.getTime() + runningLeaseSeconds * 1000),
})
