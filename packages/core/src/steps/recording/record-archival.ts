import type { CertificateRecord } from '../../ports/records.js'
import type { Principal } from '../../rules/permission/principal.js'
import { currentTime, type Deps } from '../deps.js'
import { actorOf, appendEvents, type Happening } from './append-events.js'
import { transact } from './transact.js'

/**
 * The records are the host's from here on. The log tells how many of each CA.
 *
 * @returns how many there were; another archiver may have been faster
 */
export const recordArchival = (
  records: readonly CertificateRecord[],
  principal: Principal,
  deps: Deps,
): Promise<number> =>
  transact(deps.storage, async (tx) => {
    const archived = new Set(await tx.archiveCertificates(records.map(({ id }) => id)))
    const taken = records.filter(({ id }) => archived.has(id))
    await appendEvents(tx, happeningsOf(taken, principal, currentTime(deps)), deps)
    return taken.length
  })

function happeningsOf(
  records: readonly CertificateRecord[],
  principal: Principal,
  at: Date,
): readonly Happening[] {
  const counts = new Map<string, { readonly workspaceId: string; count: number }>()
  for (const { caId, workspaceId } of records) {
    const known = counts.get(caId)
    if (known === undefined) counts.set(caId, { workspaceId, count: 1 })
    else known.count += 1
  }
  const event = { type: 'ca.certificates_archived', at, actor: actorOf(principal) } as const
  return [...counts].map(([caId, { workspaceId, count }]) => ({
    ...event,
    workspaceId,
    subjectId: caId,
    details: { count },
  }))
}
