import { PkiError } from '../../errors/pki-error.js'
import { type ApiKeyPrincipal, apiKeyPrincipal } from '../../rules/permission/principal.js'
import { currentTime, type Deps } from '../../steps/deps.js'
import { apiKeyHash, isApiKeySecret } from './api-key-secret.js'

/**
 * Whose API key this is. A wrong key, an expired one and no key at all are one answer.
 *
 * @throws {PkiError} `invalid_credentials`
 */
export async function authenticate(credential: string, deps: Deps): Promise<ApiKeyPrincipal> {
  const apiKey = isApiKeySecret(credential)
    ? await deps.storage.findApiKeyByHash(apiKeyHash(credential))
    : undefined
  const isLive =
    apiKey !== undefined && (apiKey.expiresAt === undefined || apiKey.expiresAt > currentTime(deps))
  if (!isLive) throw new PkiError('invalid_credentials', 'Cannot authenticate: the API key is not valid', {})
  const { id, name, prefix, workspaceId, userId, grants } = apiKey
  return apiKeyPrincipal({ id, name, prefix, workspaceId, userId, grants })
}
