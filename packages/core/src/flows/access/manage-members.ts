import { PkiError } from '../../errors/pki-error.js'
import type { Membership } from '../../ports/access-records.js'
import { hasAnyRight } from '../../rules/permission/narrow-rights.js'
import { requireOperator } from '../../steps/access/check-permission.js'
import { type Listing, listingOf, pageRequestOf } from '../../steps/pages.js'
import { requireLiveCas } from '../../steps/access/require-live-cas.js'
import { requireUser } from '../../steps/access/require-user.js'
import { requireWorkspace } from '../../steps/access/require-workspace.js'
import { currentTime, type Deps } from '../../steps/deps.js'
import { recordMember, recordMemberRemoval, recordMemberRights } from '../../steps/recording/record-member.js'
import type { Caller } from '../../steps/stages.js'
import {
  type MemberRequest,
  parseAddMember,
  parseChangeMemberRights,
  parseMemberQuery,
  parseRemoveMember,
} from './member-requests.js'

/** What went with a member. */
export interface RemovedMember {
  /** False: there was no membership, only keys or grants. */
  readonly wasMember: boolean
  readonly revokedApiKeys: number
  readonly revokedGrants: number
}

/**
 * @throws {PkiError} `invalid_request` | `permission_denied` | `workspace_not_found` | `user_not_found` | `ca_not_found` |
 *   `storage_conflict` / `membership`: a member already; change the rights
 */
export async function addMember(input: unknown, caller: Caller, deps: Deps): Promise<Membership> {
  const request = parseAddMember(input)
  const principal = requireOperator(caller, 'add member')
  await requireWorkspace(request.workspaceId, deps)
  await requireUser(request.userId, deps)
  const { workspaceId, userId } = request
  const rights = await rightsOf(request, deps)
  const membership: Membership = { workspaceId, userId, rights, createdAt: currentTime(deps) }
  await recordMember(membership, { at: membership.createdAt, principal }, deps)
  return membership
}

/**
 * In force at once: for keys and tokens that are out, too. Rights that come back later give them back what they had.
 *
 * @throws {PkiError} `invalid_request` | `permission_denied` | `member_not_found` | `ca_not_found`
 */
export async function changeMemberRights(input: unknown, caller: Caller, deps: Deps): Promise<Membership> {
  const request = parseChangeMemberRights(input)
  const principal = requireOperator(caller, "change member's rights")
  const { workspaceId, userId } = request
  const rights = await rightsOf(request, deps)
  const doing = { at: currentTime(deps), principal }
  const isDone = await recordMemberRights({ workspaceId, userId, rights }, doing, deps)
  const membership = isDone ? await deps.storage.findMembership(workspaceId, userId) : undefined
  if (membership !== undefined) return membership
  throw new PkiError(
    'member_not_found',
    `Cannot find member: user ${userId} is none of workspace ${workspaceId}`,
    { workspaceId, userId },
  )
}

/**
 * The user's place in the workspace ends, and for good with it every API key and every grant of that user there. Asking
 * again does no harm.
 *
 * @throws {PkiError} `invalid_request` | `permission_denied`
 */
export async function removeMember(input: unknown, caller: Caller, deps: Deps): Promise<RemovedMember> {
  const member = parseRemoveMember(input)
  const principal = requireOperator(caller, 'remove member')
  return recordMemberRemoval(member, { at: currentTime(deps), principal }, deps)
}

/** Oldest first. @throws {PkiError} `invalid_request` | `permission_denied` */
export async function listMembers(input: unknown, caller: Caller, deps: Deps): Promise<Listing<Membership>> {
  const { page: number, pageSize, ...filter } = parseMemberQuery(input ?? {})
  const page = pageRequestOf(number, pageSize)
  requireOperator(caller, 'list members')
  return listingOf(await deps.storage.listMemberships(filter, page), page, (membership) => membership)
}

async function rightsOf({ workspaceId, rights }: MemberRequest, deps: Deps): Promise<Membership['rights']> {
  if (rights === 'all') return rights
  await requireLiveCas(Object.keys(rights), workspaceId, deps)
  return new Map(Object.entries(rights).filter(([, given]) => hasAnyRight(given)))
}
