import type { EventType } from '../../ports/events.js'
import type { Revocation } from '../../ports/records.js'
import type { Principal } from '../../rules/permission/principal.js'
import type { Deps } from '../deps.js'
import { actorOf, appendEvents } from './append-events.js'
import { revocationOf } from './revocation-of.js'
import { transact } from './transact.js'

/**
 * One small transaction, whatever the size of the CRL: compare-and-set on the status log.
 *
 * @returns false, and nothing is written, where the status has changed in the meantime
 */
export const recordRevocation = (
  revocation: Omit<Revocation, 'entryDer'>,
  subject: {
    readonly id: string
    readonly workspaceId: string
    readonly type: EventType
    readonly replacesHold: boolean
  },
  principal: Principal,
  deps: Deps,
): Promise<boolean> =>
  transact(deps.storage, async (tx) => {
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
