import type { Membership } from '../../ports/access-records.js'
import type { EventType } from '../../ports/events.js'
import type { Deps } from '../deps.js'
import { everyItem } from '../pages.js'
import { actorOf, appendEvents, type Happening } from './append-events.js'
import { changeApiKey, type Doing } from './record-api-key.js'
import { revokeGrantIn } from './record-grant.js'
import { transact } from './transact.js'

type Member = Pick<Membership, 'workspaceId' | 'userId'>

/** @throws {PkiError} `storage_conflict` / `membership` */
export const recordMember = (membership: Membership, doing: Doing, deps: Deps): Promise<void> =>
  transact(deps.storage, async (tx) => {
    await tx.insertMembership(membership)
    const details = { rights: told(membership.rights) }
    await appendEvents(tx, [happening('member.added', membership, doing, details)], deps)
  })

/** @returns false, and nothing is written, where there is no such member */
export const recordMemberRights = (
  { workspaceId, userId, rights }: Omit<Membership, 'createdAt'>,
  doing: Doing,
  deps: Deps,
): Promise<boolean> =>
  transact(deps.storage, async (tx) => {
    if (!(await tx.setMemberRights(workspaceId, userId, rights))) return false
    const member = { workspaceId, userId }
    const details = { rights: told(rights) }
    await appendEvents(tx, [happening('member.rights_changed', member, doing, details)], deps)
    return true
  })

/** The membership, and every key and grant of the user in the workspace: all of it, or nothing. */
export const recordMemberRemoval = ({ workspaceId, userId }: Member, doing: Doing, deps: Deps) =>
  transact(deps.storage, async (tx) => {
    // The membership first: who makes a grant holds it, and so comes before this or finds it gone.
    const wasMember = await tx.deleteMembership(workspaceId, userId)
    const filter = { workspaceId, userId }
    let revokedApiKeys = 0
    for (const apiKey of await everyItem((page) => tx.listApiKeys(filter, page))) {
      const revocation = { kind: 'revocation', revokedAt: doing.at } as const
      if (await changeApiKey(tx, apiKey, revocation, doing, deps)) revokedApiKeys++
    }
    let revokedGrants = 0
    for (const grant of await everyItem((page) => tx.listOAuthGrants(filter, page))) {
      if (await revokeGrantIn(tx, grant, doing, deps)) revokedGrants++
    }
    const details = { apiKeys: revokedApiKeys, grants: revokedGrants }
    if (wasMember) {
      await appendEvents(tx, [happening('member.removed', filter, doing, details)], deps)
    }
    return { wasMember, revokedApiKeys, revokedGrants }
  })

const happening = (
  type: EventType,
  { workspaceId, userId }: Member,
  { at, principal }: Doing,
  details: NonNullable<Happening['details']>,
): Happening => ({ type, at, actor: actorOf(principal), workspaceId, subjectId: userId, details })

/** Which CAs is in the record; the log tells how many. */
const told = (rights: Membership['rights']): string | number => (rights === 'all' ? rights : rights.size)
