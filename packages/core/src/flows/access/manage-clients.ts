import { PkiError } from '../../errors/pki-error.js'
import type { OAuthClient } from '../../ports/access-records.js'
import type { Principal } from '../../rules/permission/principal.js'
import { requireOperator, requirePrincipal } from '../../steps/access/check-permission.js'
import { type Listing, listingOf, pageRequestOf } from '../../steps/pages.js'
import { requireUser } from '../../steps/access/require-user.js'
import { requireWorkspace } from '../../steps/access/require-workspace.js'
import { currentTime, type Deps, newId } from '../../steps/deps.js'
import {
  recordClient,
  recordClientDeletion,
  recordClientSecret,
} from '../../steps/recording/record-client.js'
import type { Caller } from '../../steps/stages.js'
import {
  parseCreateOAuthClient,
  parseDeleteOAuthClient,
  parseOAuthClientQuery,
  parseRotateOAuthClientSecret,
} from './client-requests.js'
import { clientNotFound } from './grant-access.js'
import { newClientSecret, secretHashOf } from './secrets.js'

/*
 * OAuth clients. Confidential ones are made here; public ones register themselves at the authorization server. The
 * operator sees all of them, an API key the confidential ones of its user in its workspace, and a token none.
 */

/** A client, as callers see it: without the hash of its secret. */
export type OAuthClientInfo = Omit<OAuthClient, 'secretHash' | 'metadata'>

export interface CreatedOAuthClient {
  readonly client: OAuthClientInfo
  /** `cm_secret_…`: shown this once, and kept nowhere. */
  readonly secret: string
}

export interface DeletedOAuthClient {
  readonly client: OAuthClientInfo
  /** Grants that were live until now. */
  readonly revokedGrants: number
}

/** @throws {PkiError} `invalid_request` | `permission_denied` | `workspace_not_found` | `user_not_found` */
export async function createOAuthClient(
  input: unknown,
  caller: Caller,
  deps: Deps,
): Promise<CreatedOAuthClient> {
  const { workspaceId, userId, name, redirectUris } = parseCreateOAuthClient(input)
  const principal = requireOperator(caller, 'create OAuth client')
  await requireWorkspace(workspaceId, deps)
  await requireUser(userId, deps)
  const secret = newClientSecret(deps.random)
  const client: OAuthClient = {
    id: newId(deps),
    kind: 'confidential',
    workspaceId,
    userId,
    name,
    redirectUris,
    secretHash: secretHashOf(secret),
    metadata: '{}',
    createdAt: currentTime(deps),
  }
  await recordClient(client, { at: client.createdAt, principal }, deps)
  return { client: clientInfo(client), secret }
}

/** Oldest first. @throws {PkiError} `invalid_request` | `permission_denied`: a token */
export async function listOAuthClients(
  input: unknown,
  caller: Caller,
  deps: Deps,
): Promise<Listing<OAuthClientInfo>> {
  const { page: number, pageSize, ...asked } = parseOAuthClientQuery(input ?? {})
  const page = pageRequestOf(number, pageSize)
  const principal = requireOwner(caller, 'list OAuth clients')
  if (principal.kind === 'operator') {
    return listingOf(await deps.storage.listOAuthClients(asked, page), page, clientInfo)
  }
  const own = { kind: 'confidential', workspaceId: principal.workspaceId, userId: principal.userId } as const
  const isOwn =
    (asked.kind ?? own.kind) === own.kind &&
    (asked.workspaceId ?? own.workspaceId) === own.workspaceId &&
    (asked.userId ?? own.userId) === own.userId
  const found = isOwn ? await deps.storage.listOAuthClients(own, page) : { items: [], total: 0 }
  return listingOf(found, page, clientInfo)
}

/**
 * The one before is dead at once.
 *
 * @throws {PkiError} `invalid_request` | `permission_denied` | `oauth_client_not_found`: or public, which has no secret |
 *   `storage_conflict`: another rotation came first, and its secret is the one that counts
 */
export async function rotateOAuthClientSecret(
  input: unknown,
  caller: Caller,
  deps: Deps,
): Promise<CreatedOAuthClient> {
  const { clientId } = parseRotateOAuthClientSecret(input)
  const principal = requireOperator(caller, 'rotate client secret')
  const client = await requireClient(clientId, principal, deps)
  if (client.secretHash === undefined) throw clientNotFound(clientId)
  const secret = newClientSecret(deps.random)
  const secretHash = secretHashOf(secret)
  const doing = { at: currentTime(deps), principal }
  const isDone = await recordClientSecret(client, { replaces: client.secretHash, secretHash }, doing, deps)
  if (isDone) return { client: clientInfo(client), secret }
  const message = 'Cannot rotate client secret: another rotation came first, or the client is gone'
  throw new PkiError('storage_conflict', message, { constraint: 'serialization' })
}

/**
 * With every grant that it has, at once and in every process.
 *
 * @throws {PkiError} `invalid_request` | `permission_denied`: a token | `oauth_client_not_found`
 */
export async function deleteOAuthClient(
  input: unknown,
  caller: Caller,
  deps: Deps,
): Promise<DeletedOAuthClient> {
  const { clientId } = parseDeleteOAuthClient(input)
  const principal = requireOwner(caller, 'delete OAuth client')
  const client = await requireClient(clientId, principal, deps)
  const revokedGrants = await recordClientDeletion(client, { at: currentTime(deps), principal }, deps)
  if (revokedGrants === undefined) throw clientNotFound(clientId)
  return { client: clientInfo(client), revokedGrants }
}

/** A client that holds a token manages no clients, least of all another's. */
function requireOwner(caller: Caller, action: string): Exclude<Principal, { kind: 'oauth' }> {
  const principal = requirePrincipal(caller)
  if (principal.kind !== 'oauth') return principal
  throw new PkiError('permission_denied', `Cannot ${action}: an OAuth token may not`, { action })
}

async function requireClient(clientId: string, principal: Principal, deps: Deps): Promise<OAuthClient> {
  const client = await deps.storage.findOAuthClient(clientId)
  const isVisible =
    principal.kind === 'operator' ||
    (client?.workspaceId === principal.workspaceId && client.userId === principal.userId)
  if (client === undefined || !isVisible) throw clientNotFound(clientId)
  return client
}

const clientInfo = ({ secretHash: _hash, metadata: _metadata, ...shown }: OAuthClient): OAuthClientInfo =>
  shown
