import { toWholeSeconds } from '../../asn1/time.js'
import { PkiError } from '../../errors/pki-error.js'
import type { Membership, OAuthClient, OAuthGrant } from '../../ports/access-records.js'
import type { CaRecord, Rights, Workspace } from '../../ports/records.js'
import { firstBeyond, hasAnyRight } from '../../rules/permission/narrow-rights.js'
import { allRights } from '../../rules/permission/plans.js'
import { requireOperator } from '../../steps/access/check-permission.js'
import { everyItem } from '../../steps/pages.js'
import { requireLiveCas } from '../../steps/access/require-live-cas.js'
import { currentTime, type Deps, newId } from '../../steps/deps.js'
import { recordGrant } from '../../steps/recording/record-grant.js'
import type { Caller } from '../../steps/stages.js'
import { parseGrantable, parseGrantAccess } from './grant-requests.js'

/** A workspace of a user, with what the user may hand on to a client in it. */
export interface GrantableWorkspace {
  readonly workspace: Pick<Workspace, 'id' | 'name' | 'slug'>
  /** Oldest first; without revoked CAs, and without those on which the user may do nothing. */
  readonly cas: readonly GrantableCa[]
}

export interface GrantableCa extends Pick<CaRecord, 'id' | 'name' | 'parentCaId' | 'depth'> {
  /** The most that can be granted. */
  readonly rights: Rights
}

/**
 * What a consent page has to offer: for the authorization server, which has asked the host who the user is.
 *
 * @throws {PkiError} `invalid_request` | `permission_denied`
 */
export async function listGrantable(
  input: unknown,
  caller: Caller,
  deps: Deps,
): Promise<readonly GrantableWorkspace[]> {
  const { userId } = parseGrantable(input)
  requireOperator(caller, 'list what may be granted')
  const memberships = await everyItem((page) => deps.storage.listMemberships({ userId }, page))
  const all = await Promise.all(memberships.map((membership) => grantableIn(membership, deps)))
  return all.filter((workspace) => workspace !== undefined)
}

async function grantableIn(
  { workspaceId, rights }: Membership,
  deps: Deps,
): Promise<GrantableWorkspace | undefined> {
  const [workspace, cas] = await Promise.all([
    deps.storage.findWorkspace(workspaceId),
    deps.storage.listCas({ workspaceId }),
  ])
  if (workspace === undefined) return undefined
  const { id, name, slug } = workspace
  const grantable = cas.flatMap((ca) => {
    const own = rights === 'all' ? allRights : rights.get(ca.id)
    return own !== undefined && hasAnyRight(own) ? [grantableCa(ca, own)] : []
  })
  return { workspace: { id, name, slug }, cas: grantable }
}

const grantableCa = ({ id, name, parentCaId, depth }: CaRecord, rights: Rights): GrantableCa => ({
  id,
  name,
  depth,
  ...(parentCaId !== undefined && { parentCaId }),
  rights,
})

/**
 * What a user has agreed to: for the authorization server. A grant that is wider than the membership is refused, and one
 * that becomes so later is cut when it is used.
 *
 * @throws {PkiError} `invalid_request`: no right at all, which is a denial | `oauth_client_not_found` | `member_not_found`
 *   | `ca_not_found`: not in this workspace, or revoked | `permission_denied`: not the operator, or more than the user may
 */
export async function grantAccess(input: unknown, caller: Caller, deps: Deps): Promise<OAuthGrant> {
  const request = parseGrantAccess(input)
  const principal = requireOperator(caller, 'grant access')
  const { grantId, clientId, workspaceId, userId, expiresAt } = request
  const rights = new Map(Object.entries(request.rights).filter(([, given]) => hasAnyRight(given)))
  if (rights.size === 0) throw nothingGranted()
  await requireLiveCas(rights.keys(), workspaceId, deps)
  const grant: OAuthGrant = {
    id: grantId ?? newId(deps),
    clientId,
    workspaceId,
    userId,
    rights,
    createdAt: currentTime(deps),
    ...(expiresAt !== undefined && { expiresAt: toWholeSeconds(expiresAt) }),
  }
  const check = (client: OAuthClient | undefined, membership: Membership | undefined) =>
    requireGrantable(grant, client, membership)
  await recordGrant(grant, check, { at: grant.createdAt, principal }, deps)
  return grant
}

function requireGrantable(
  { clientId, workspaceId, userId, rights }: OAuthGrant,
  client: OAuthClient | undefined,
  membership: Membership | undefined,
): void {
  if (client === undefined) throw clientNotFound(clientId)
  if (membership === undefined) {
    const message = `Cannot grant access: user ${userId} is no member of workspace ${workspaceId}`
    throw new PkiError('member_not_found', message, { workspaceId, userId })
  }
  const caId = firstBeyond(rights, membership.rights)
  if (caId === undefined) return
  const message = `Cannot grant access: the user may not do all of it on CA ${caId}`
  throw new PkiError('permission_denied', message, { action: 'grant access', caId })
}

function nothingGranted(): PkiError<'invalid_request'> {
  const message = 'a grant needs at least one right on one CA'
  return new PkiError('invalid_request', `Cannot grant access: ${message}`, {
    issues: [{ path: 'rights', message }],
  })
}

export const clientNotFound = (clientId: string): PkiError<'oauth_client_not_found'> =>
  new PkiError('oauth_client_not_found', `Cannot find OAuth client: there is none with id ${clientId}`, {
    clientId,
  })
