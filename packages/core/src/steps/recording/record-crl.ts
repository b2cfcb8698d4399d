import type { CaRecord, CrlRecord } from '../../ports/records.js'
import type { Actor } from '../../ports/events.js'
import type { Deps } from '../deps.js'
import { appendEvents } from './append-events.js'
import { transact } from './transact.js'

/**
 * @returns false, and nothing is written, where an older number knows of more revocations: two publishers have crossed,
 *   and a list that takes a revocation back must not be seen
 */
export const recordCrl = (crl: CrlRecord, ca: CaRecord, actor: Actor, deps: Deps): Promise<boolean> =>
  transact(deps.storage, async (tx) => {
    const { latest } = await tx.crlState(ca.id, crl.scope)
    if (latest !== undefined && latest.revocationCount > crl.revocationCount) return false
    await tx.insertCrl(crl)
    await appendEvents(
      tx,
      [
        {
          type: 'crl.published',
          at: crl.thisUpdate,
          actor,
          workspaceId: ca.workspaceId,
          subjectId: ca.id,
          details: { number: crl.number, scope: crl.scope, entries: crl.revocationCount },
        },
      ],
      deps,
    )
    return true
  })
