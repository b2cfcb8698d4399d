import type { EventType } from '../../ports/events.js'
import type { StorageTransaction } from '../../ports/storage.js'
import type { Principal } from '../../rules/permission/principal.js'
import type { Deps } from '../deps.js'
import { actorOf, appendEvents } from './append-events.js'
import { revocationOf, type StatusEntry } from './revocation-of.js'
import { transact } from './transact.js'

/**
 * One small transaction, whatever the size of the CRL: compare-and-set on the status log.
 *
 * @returns false, and nothing is written, where the status has changed in the meantime
 */
export const recordRevocation = (
  revocation: StatusEntry,
  subject: {
    readonly id: string
    readonly workspaceId: string
    readonly type: EventType
    readonly replacesHold: boolean
    /** What is revoked has no record: from here on it cannot get one. */
    readonly isReservation?: boolean
  },
  principal: Principal,
  deps: Deps,
): Promise<boolean> =>
  transact(deps.storage, async (tx) => {
    if (subject.isReservation && !(await giveUp(tx, revocation, subject.id))) return false
    if (!(await tx.insertRevocation(revocationOf(revocation), subject))) return false
    await appendEvents(
      tx,
      [
        {
          type: subject.type,
          at: revocation.revokedAt,
          actor: actorOf(principal),
          workspaceId: subject.workspaceId,
          subjectId: subject.id,
          details: {
            caId: revocation.caId,
            serialNumber: revocation.serialNumber,
            reason: revocation.reason,
          },
        },
      ],
      deps,
    )
    return true
  })

/** @returns false where the issuance has been recorded in the meantime */
async function giveUp(
  tx: StorageTransaction,
  { caId, serialNumber }: Pick<StatusEntry, 'caId' | 'serialNumber'>,
  reservationId: string,
): Promise<boolean> {
  const status = await tx.findSerial(caId, serialNumber)
  if (status?.state === 'recorded') return false
  await tx.closeReservations([reservationId], 'abandoned')
  return true
}
