import type { EventType } from '../../ports/events.js'
import type { StorageTransaction } from '../../ports/storage.js'
import type { Principal } from '../../rules/permission/principal.js'
import type { Deps } from '../deps.js'
import { actorOf, appendEvents, type Happening } from './append-events.js'
import { revocationOf, type StatusEntry } from './revocation-of.js'
import { transact } from './transact.js'

/** What a revocation, or the end of a hold, is about. */
export interface ChangedSubject {
  readonly id: string
  readonly workspaceId: string
  readonly type: EventType
  readonly replacesHold: boolean
  /** What is revoked has no record: from here on it cannot get one. */
  readonly isReservation?: boolean
}

export interface StatusChangeRecord {
  readonly revocation: StatusEntry
  readonly subject: ChangedSubject
}

/**
 * One small transaction, whatever the size of the CRL: compare-and-set on the status log.
 *
 * @returns false, and nothing is written, where the status has changed in the meantime
 */
export const recordRevocation = (
  revocation: StatusEntry,
  subject: ChangedSubject,
  principal: Principal,
  deps: Deps,
): Promise<boolean> =>
  transact(deps.storage, async (tx) => {
    if (!(await enter(tx, { revocation, subject }))) return false
    await appendEvents(tx, [happeningOf({ revocation, subject }, principal)], deps)
    return true
  })

/**
 * The same for many, in one transaction.
 *
 * @returns how many; those whose status has changed in the meantime are left as they are
 */
export async function recordRevocations(
  changes: readonly StatusChangeRecord[],
  principal: Principal,
  deps: Deps,
): Promise<number> {
  if (changes.length === 0) return 0
  return transact(deps.storage, async (tx) => {
    const entered: StatusChangeRecord[] = []
    for (const change of changes) if (await enter(tx, change)) entered.push(change)
    await appendEvents(
      tx,
      entered.map((change) => happeningOf(change, principal)),
      deps,
    )
    return entered.length
  })
}

async function enter(tx: StorageTransaction, { revocation, subject }: StatusChangeRecord): Promise<boolean> {
  if (subject.isReservation && !(await giveUp(tx, revocation, subject.id))) return false
  return tx.insertRevocation(revocationOf(revocation), subject)
}

function happeningOf({ revocation, subject }: StatusChangeRecord, principal: Principal): Happening {
  const { caId, serialNumber, reason, revokedAt } = revocation
  return {
    type: subject.type,
    at: revokedAt,
    actor: actorOf(principal),
    workspaceId: subject.workspaceId,
    subjectId: subject.id,
    details: { caId, serialNumber, reason },
  }
}

/**
 * The write comes first: it waits for an issuance that is just being recorded, where a read would see it open still.
 *
 * @returns false where the issuance has been recorded in the meantime
 */
async function giveUp(
  tx: StorageTransaction,
  { caId, serialNumber }: Pick<StatusEntry, 'caId' | 'serialNumber'>,
  reservationId: string,
): Promise<boolean> {
  if ((await tx.closeReservations([reservationId], 'abandoned')) === 1) return true
  return (await tx.findSerial(caId, serialNumber))?.state === 'abandoned'
}
