import { isPkiError } from '@certwright/core'
import type { Adapter } from 'oidc-provider'
import { serverCaller } from '../options.js'
import type { AdapterParts } from './adapter-parts.js'
import { artifactAdapter } from './artifact-adapter.js'
import { clientMetadata } from './client-metadata.js'

/** Where the library keeps each of its models. What it does not need here it does not get. */
export function adapterFor(model: string, parts: AdapterParts): Adapter {
  switch (model) {
    case 'AccessToken':
    case 'AuthorizationCode':
    case 'RefreshToken':
    case 'Interaction':
      return artifactAdapter(model, parts)
    case 'Client':
      return { ...nowhere, find: (id) => findClient(id, parts) }
    case 'Grant':
      return { ...nowhere, find: (id) => findGrant(id, parts), destroy: (id) => revokeGrant(id, parts) }
    default:
      return nowhere
  }
}

async function findClient(id: string, { storage }: AdapterParts) {
  const client = await storage.findOAuthClient(id)
  return client && clientMetadata(client)
}

/** The scope of every token: what it may do on which CA is the grant's affair. */
export const scope = 'ca'

/**
 * What the user has granted, as the library sees it: whether it is still there. A user who has left the workspace takes
 * their grants along.
 */
async function findGrant(id: string, { storage, now, resources }: AdapterParts) {
  const grant = await storage.findOAuthGrant(id)
  if (grant === undefined || grant.revokedAt !== undefined) return undefined
  if (grant.expiresAt !== undefined && grant.expiresAt <= now()) return undefined
  if ((await storage.findMembership(grant.workspaceId, grant.userId)) === undefined) return undefined
  return {
    jti: grant.id,
    kind: 'Grant',
    accountId: grant.userId,
    clientId: grant.clientId,
    // Codes and refresh tokens know which of them they are for.
    resources: Object.fromEntries(resources.map((resource) => [resource, scope])),
  }
}

/** Reuse of a refresh token or a code, or a revocation by the client: nothing of the grant is left. */
async function revokeGrant(grantId: string, { authority }: AdapterParts): Promise<void> {
  await authority.revokeGrant({ grantId }, serverCaller).catch((error: unknown) => {
    if (isPkiError(error) && alreadyOver.includes(error.code)) return
    throw error
  })
}

const alreadyOver: readonly string[] = ['oauth_grant_revoked', 'oauth_grant_not_found']

/** For sessions, which we do without: see bridge.ts. */
const nowhere: Adapter = {
  upsert: async () => undefined,
  find: async () => undefined,
  findByUid: async () => undefined,
  findByUserCode: async () => undefined,
  consume: async () => undefined,
  destroy: async () => undefined,
  revokeByGrantId: async () => undefined,
}
