import { PkiError } from '../../errors/pki-error.js'
import type { OAuthArtifact } from '../../ports/access-records.js'
import type { ApiKey } from '../../ports/records.js'
import { narrowRights } from '../../rules/permission/narrow-rights.js'
import {
  type ApiKeyPrincipal,
  apiKeyPrincipal,
  type OAuthPrincipal,
  oauthPrincipal,
} from '../../rules/permission/principal.js'
import { currentTime, type Deps } from '../../steps/deps.js'
import { keyUseSeconds } from '../../steps/key-use.js'
import { recordApiKeyUse } from '../../steps/recording/record-api-key.js'
import { isAccessToken, isApiKeySecret, secretHashOf } from './secrets.js'

/**
 * Whom a credential stands for, an API key or an OAuth access token, and what that is allowed now. Storage is asked each
 * time, so that a key that is revoked, a grant that is withdrawn and a member who has left are refused at once, in every
 * process. A wrong credential, an expired one and none at all are one answer.
 *
 * @throws {PkiError} `invalid_credentials`
 */
export async function authenticate(
  credential: string,
  deps: Deps,
): Promise<ApiKeyPrincipal | OAuthPrincipal> {
  const principal = isApiKeySecret(credential)
    ? await findApiKeyPrincipal(credential, deps)
    : isAccessToken(credential)
      ? await findOAuthPrincipal(credential, deps)
      : undefined
  if (principal !== undefined) return principal
  throw new PkiError('invalid_credentials', 'Cannot authenticate: the credential is not valid', {})
}

async function findApiKeyPrincipal(secret: string, deps: Deps): Promise<ApiKeyPrincipal | undefined> {
  const secretHash = secretHashOf(secret)
  const apiKey = await deps.storage.findApiKeyByHash(secretHash)
  if (apiKey === undefined || !isLive(apiKey, secretHash, currentTime(deps))) return undefined
  markUsed(apiKey, deps)
  const { id, name, prefix, workspaceId, userId } = apiKey
  const membership = await deps.storage.findMembership(workspaceId, userId)
  // Without a membership a key stands by itself: see docs/decisions/0011-keys-members-grants.md.
  const grants = narrowRights(apiKey.grants, membership?.rights ?? 'all')
  return apiKeyPrincipal({ id, name, prefix, workspaceId, userId, grants })
}

/** Nobody waits for it, and a request is not refused because it cannot be written. */
function markUsed({ id, lastUsedAt }: ApiKey, deps: Deps): void {
  const now = currentTime(deps)
  const unlessAfter = new Date(now.getTime() - keyUseSeconds * 1000)
  if ((lastUsedAt !== undefined && lastUsedAt > unlessAfter) || !deps.keyUse.isDue(id, now)) return
  recordApiKeyUse(id, now, unlessAfter, deps).catch((error: unknown) =>
    deps.settings.onBackgroundFailure?.({ task: 'key use', apiKeyId: id, error }),
  )
}

function isLive(apiKey: ApiKey, secretHash: string, now: Date): boolean {
  if (apiKey.revokedAt !== undefined || hasPassed(apiKey.expiresAt, now)) return false
  if (apiKey.secretHash === secretHash) return true
  const { previousSecret } = apiKey
  return previousSecret?.secretHash === secretHash && !hasPassed(previousSecret.validUntil, now)
}

async function findOAuthPrincipal(accessToken: string, deps: Deps): Promise<OAuthPrincipal | undefined> {
  const access = await deps.storage.findTokenAccess(secretHashOf(accessToken))
  if (access === undefined) return undefined
  const { token, grant, client, membership } = access
  const now = currentTime(deps)
  if (token.consumedAt !== undefined || hasPassed(token.expiresAt, now)) return undefined
  if (grant.revokedAt !== undefined || hasPassed(grant.expiresAt, now)) return undefined
  const audience = audienceOf(token)
  return oauthPrincipal({
    id: grant.id,
    clientId: client.id,
    clientName: client.name,
    workspaceId: grant.workspaceId,
    userId: grant.userId,
    ...(audience !== undefined && { audience }),
    grants: narrowRights(grant.rights, membership.rights),
  })
}

function audienceOf({ payload }: OAuthArtifact): string | undefined {
  const { aud } = JSON.parse(payload) as { readonly aud?: unknown }
  return typeof aud === 'string' ? aud : undefined
}

const hasPassed = (end: Date | undefined, now: Date): boolean => end !== undefined && end <= now
