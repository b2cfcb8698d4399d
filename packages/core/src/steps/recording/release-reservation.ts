import type { Deps } from '../deps.js'
import type { ReservedTbs } from '../stages.js'
import { transact } from './transact.js'

/**
 * Nothing was signed, and nothing will be: the serial number stays spent, the idempotency key is free for a retry.
 * Not for an unknown outcome, where the reservation stays open.
 */
export const releaseReservation = (reserved: ReservedTbs, deps: Deps): Promise<void> =>
  transact(deps.storage, async (tx) => {
    await tx.closeReservations([reserved.reservation.id], 'abandoned')
    if (reserved.idempotency !== undefined) await tx.releaseIdempotencyKey(reserved.idempotency)
  })

/**
 * Whatever became of it, this issuance is over: unless it is recorded already, it never will be. Behind a commit whose
 * acknowledgement was lost, this waits until that is decided.
 */
export const abandonReservation = (reservationId: string, deps: Deps): Promise<void> =>
  transact(deps.storage, async (tx) => {
    await tx.closeReservations([reservationId], 'abandoned')
  })
