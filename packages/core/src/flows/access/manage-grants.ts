import { PkiError } from '../../errors/pki-error.js'
import type { OAuthGrant } from '../../ports/access-records.js'
import type { OAuthGrantFilter } from '../../ports/access-storage.js'
import type { Rights } from '../../ports/records.js'
import type { Principal } from '../../rules/permission/principal.js'
import { requirePrincipal } from '../../steps/access/check-permission.js'
import { type Listing, listingOf, pageRequestOf } from '../../steps/pages.js'
import { currentTime, type Deps } from '../../steps/deps.js'
import { recordGrantRevocation } from '../../steps/recording/record-grant.js'
import type { Caller } from '../../steps/stages.js'
import { parseGrantQuery, parseRevokeGrant } from './grant-requests.js'

/*
 * Whose grants are whose: the operator sees and revokes all of them, an API key those of its user in its workspace, and a
 * token its own alone, so that no client learns of another one. What one may not see does not exist.
 */

/** A grant, as callers see it. */
export interface GrantInfo extends Omit<OAuthGrant, 'rights'> {
  /** Absent where the client is gone. */
  readonly clientName?: string
  /** As it was granted, by CA id. What a token may do now can be less: `whoami` tells. */
  readonly rights: Readonly<Record<string, Rights>>
}

/** Oldest first. @throws {PkiError} `invalid_request` */
export async function listGrants(input: unknown, caller: Caller, deps: Deps): Promise<Listing<GrantInfo>> {
  const { page: number, pageSize, ...asked } = parseGrantQuery(input ?? {})
  const page = pageRequestOf(number, pageSize)
  const filter = narrowed(asked, requirePrincipal(caller))
  const found = filter && (await deps.storage.listOAuthGrants(filter, page))
  if (found === undefined) return listingOf({ items: [], total: 0 }, page, (none: never) => none)
  const items = await Promise.all(found.items.map((grant) => grantInfo(grant, deps)))
  return listingOf({ items, total: found.total }, page, (grant) => grant)
}

/**
 * At once, in every process: with its tokens.
 *
 * @throws {PkiError} `invalid_request` | `oauth_grant_not_found` | `oauth_grant_revoked`
 */
export async function revokeGrant(input: unknown, caller: Caller, deps: Deps): Promise<GrantInfo> {
  const { grantId } = parseRevokeGrant(input)
  const principal = requirePrincipal(caller)
  const grant = await requireGrant(grantId, principal, deps)
  const isDone =
    grant.revokedAt === undefined &&
    (await recordGrantRevocation(grant, { at: currentTime(deps), principal }, deps))
  const after = await requireGrant(grantId, principal, deps)
  if (isDone) return grantInfo(after, deps)
  const { revokedAt = currentTime(deps) } = after
  const message = `Cannot revoke grant: it was revoked at ${revokedAt.toISOString()}`
  throw new PkiError('oauth_grant_revoked', message, { grantId, revokedAt })
}

async function requireGrant(grantId: string, principal: Principal, deps: Deps): Promise<OAuthGrant> {
  const grant = await deps.storage.findOAuthGrant(grantId)
  if (grant !== undefined && isOwn(grant, principal)) return grant
  throw new PkiError('oauth_grant_not_found', `Cannot find grant: there is none with id ${grantId}`, {
    grantId,
  })
}

function isOwn(grant: OAuthGrant, principal: Principal): boolean {
  if (principal.kind === 'operator') return true
  if (principal.kind === 'oauth') return grant.id === principal.id
  return grant.userId === principal.userId && grant.workspaceId === principal.workspaceId
}

/** What the principal may see of what it asks for; `undefined`: nothing. */
function narrowed(asked: OAuthGrantFilter, principal: Principal): OAuthGrantFilter | undefined {
  if (principal.kind === 'operator') return asked
  const { workspaceId, userId } = principal
  const isElsewhere =
    (asked.workspaceId ?? workspaceId) !== workspaceId || (asked.userId ?? userId) !== userId
  if (isElsewhere) return undefined
  return { ...asked, workspaceId, userId, ...(principal.kind === 'oauth' && { grantId: principal.id }) }
}

async function grantInfo({ rights, ...grant }: OAuthGrant, deps: Deps): Promise<GrantInfo> {
  const client = await deps.storage.findOAuthClient(grant.clientId)
  return {
    ...grant,
    ...(client !== undefined && { clientName: client.name }),
    rights: Object.fromEntries(rights),
  }
}
