import { toWholeSeconds } from '../../asn1/time.js'
import { PkiError } from '../../errors/pki-error.js'
import type { ApiKeyChange } from '../../ports/access-storage.js'
import type { ApiKey } from '../../ports/records.js'
import type { Principal } from '../../rules/permission/principal.js'
import { requireOperator } from '../../steps/access/check-permission.js'
import { type Listing, listingOf, pageRequestOf } from '../../steps/pages.js'
import { currentTime, type Deps } from '../../steps/deps.js'
import { recordApiKeyChange } from '../../steps/recording/record-api-key.js'
import type { Caller } from '../../steps/stages.js'
import { type ApiKeyInfo, apiKeyInfo } from './api-key-info.js'
import {
  parseApiKeyQuery,
  parseExpireApiKey,
  parseRenameApiKey,
  parseRevokeApiKey,
  parseRotateApiKey,
} from './api-key-requests.js'
import type { CreatedApiKey } from './create-api-key.js'
import { apiKeyPrefix, newApiKeySecret, secretHashOf } from './secrets.js'

/*
 * The life of an API key after it was made. Each change is refused with `api_key_not_found` or `api_key_revoked`, and
 * told in the audit log.
 */

/** Oldest first. @throws {PkiError} `invalid_request` | `permission_denied` */
export async function listApiKeys(input: unknown, caller: Caller, deps: Deps): Promise<Listing<ApiKeyInfo>> {
  const { page: number, pageSize, ...filter } = parseApiKeyQuery(input ?? {})
  const page = pageRequestOf(number, pageSize)
  requireOperator(caller, 'list API keys')
  return listingOf(await deps.storage.listApiKeys(filter, page), page, apiKeyInfo)
}

export async function renameApiKey(input: unknown, caller: Caller, deps: Deps): Promise<ApiKeyInfo> {
  const { apiKeyId, name } = parseRenameApiKey(input)
  const principal = requireOperator(caller, 'rename API key')
  return change(await requireApiKey(apiKeyId, deps), { kind: 'name', name }, principal, deps)
}

/**
 * A new secret for a key that keeps its id, name and rights. The one before is dead at once, or after the overlap.
 *
 * @throws {PkiError} `storage_conflict`: another rotation came first, and its secret is the one that counts
 */
export async function rotateApiKey(input: unknown, caller: Caller, deps: Deps): Promise<CreatedApiKey> {
  const { apiKeyId, overlapSeconds = 0 } = parseRotateApiKey(input)
  const principal = requireOperator(caller, 'rotate API key')
  const apiKey = await requireApiKey(apiKeyId, deps)
  const secret = newApiKeySecret(deps.random)
  const validUntil = new Date(currentTime(deps).getTime() + overlapSeconds * 1000)
  const rotation: ApiKeyChange = {
    kind: 'secret',
    replaces: apiKey.secretHash,
    secretHash: secretHashOf(secret),
    prefix: apiKeyPrefix(secret),
    ...(overlapSeconds > 0 && { previousSecret: { secretHash: apiKey.secretHash, validUntil } }),
  }
  return { apiKey: await change(apiKey, rotation, principal, deps), secret }
}

export async function expireApiKey(input: unknown, caller: Caller, deps: Deps): Promise<ApiKeyInfo> {
  const { apiKeyId, expiresAt } = parseExpireApiKey(input)
  const principal = requireOperator(caller, 'set end of API key')
  const end = expiresAt === 'never' ? {} : { expiresAt: toWholeSeconds(expiresAt) }
  return change(await requireApiKey(apiKeyId, deps), { kind: 'expiry', ...end }, principal, deps)
}

/** For good, at once and in every process. The key stays in the list, for display. */
export async function revokeApiKey(input: unknown, caller: Caller, deps: Deps): Promise<ApiKeyInfo> {
  const { apiKeyId } = parseRevokeApiKey(input)
  const principal = requireOperator(caller, 'revoke API key')
  const revocation = { kind: 'revocation', revokedAt: currentTime(deps) } as const
  return change(await requireApiKey(apiKeyId, deps), revocation, principal, deps)
}

async function change(
  seen: ApiKey,
  asked: ApiKeyChange,
  principal: Principal,
  deps: Deps,
): Promise<ApiKeyInfo> {
  const isDone = await recordApiKeyChange(seen, asked, { at: currentTime(deps), principal }, deps)
  const apiKey = await requireKept(seen.id, deps)
  if (isDone) return apiKeyInfo(apiKey)
  refuseRevoked(apiKey)
  const message = 'Cannot rotate API key: another rotation came first; its secret is the one that counts'
  throw new PkiError('storage_conflict', message, { constraint: 'serialization' })
}

async function requireApiKey(apiKeyId: string, deps: Deps): Promise<ApiKey> {
  const apiKey = await requireKept(apiKeyId, deps)
  refuseRevoked(apiKey)
  return apiKey
}

async function requireKept(apiKeyId: string, deps: Deps): Promise<ApiKey> {
  const apiKey = await deps.storage.findApiKey(apiKeyId)
  if (apiKey !== undefined) return apiKey
  throw new PkiError('api_key_not_found', `Cannot find API key: there is none with id ${apiKeyId}`, {
    apiKeyId,
  })
}

function refuseRevoked({ id, revokedAt }: ApiKey): void {
  if (revokedAt === undefined) return
  const state = `it was revoked at ${revokedAt.toISOString()}; make a new one`
  throw new PkiError('api_key_revoked', `Cannot change API key: ${state}`, { apiKeyId: id, revokedAt })
}
