import type {
  ApiKey,
  ApiKeyChange,
  Membership,
  OAuthArtifact,
  OAuthClient,
  OAuthGrant,
  OAuthGrantFilter,
  Rights,
} from '@certwright/core'
import type { Columns } from './columns.js'
import { optionalSeconds, orNull, seconds } from './values.js'

/* Records as columns, of who may ask. Rights are a JSON list of pairs, or the JSON string "all". */

export const apiKeyColumns = (apiKey: ApiKey): Columns => ({
  id: apiKey.id,
  workspace_id: apiKey.workspaceId,
  user_id: apiKey.userId,
  name: apiKey.name,
  prefix: apiKey.prefix,
  secret_hash: apiKey.secretHash,
  grants: rightsText(apiKey.grants),
  created_at: seconds(apiKey.createdAt),
  expires_at: optionalSeconds(apiKey.expiresAt),
  last_used_at: optionalSeconds(apiKey.lastUsedAt),
  revoked_at: optionalSeconds(apiKey.revokedAt),
  ...previousSecretColumns(apiKey),
})

/** Those that a change sets. */
export function apiKeyChangeColumns(change: ApiKeyChange): Columns {
  switch (change.kind) {
    case 'name':
      return { name: change.name }
    case 'expiry':
      return { expires_at: optionalSeconds(change.expiresAt) }
    case 'secret': {
      const { secretHash, prefix } = change
      return { secret_hash: secretHash, prefix, ...previousSecretColumns(change) }
    }
    case 'revocation':
      return { revoked_at: seconds(change.revokedAt) }
  }
}

export const membershipColumns = (membership: Membership): Columns => ({
  workspace_id: membership.workspaceId,
  user_id: membership.userId,
  rights: memberRightsText(membership.rights),
  created_at: seconds(membership.createdAt),
})

export const memberRightsText = (rights: Membership['rights']): string =>
  rights === 'all' ? JSON.stringify(rights) : rightsText(rights)

export const oauthClientColumns = (client: OAuthClient): Columns => ({
  id: client.id,
  kind: client.kind,
  workspace_id: orNull(client.workspaceId),
  user_id: orNull(client.userId),
  name: client.name,
  redirect_uris: JSON.stringify(client.redirectUris),
  secret_hash: orNull(client.secretHash),
  metadata: client.metadata,
  created_at: seconds(client.createdAt),
  last_used_at: optionalSeconds(client.lastUsedAt),
})

export const oauthGrantColumns = (grant: OAuthGrant): Columns => ({
  id: grant.id,
  client_id: grant.clientId,
  workspace_id: grant.workspaceId,
  user_id: grant.userId,
  rights: rightsText(grant.rights),
  created_at: seconds(grant.createdAt),
  expires_at: optionalSeconds(grant.expiresAt),
  revoked_at: optionalSeconds(grant.revokedAt),
})

export const oauthArtifactColumns = (artifact: OAuthArtifact): Columns => ({
  kind: artifact.kind,
  id_hash: artifact.idHash,
  grant_id: orNull(artifact.grantId),
  uid: orNull(artifact.uid),
  payload: artifact.payload,
  consumed_at: optionalSeconds(artifact.consumedAt),
  expires_at: seconds(artifact.expiresAt),
})

/** The fields of a filter by column, without those that let everything through. */
export function filterColumns(
  filter: OAuthGrantFilter & { readonly kind?: string },
): readonly (readonly [column: string, value: string])[] {
  const columns = [
    ['id', filter.grantId],
    ['client_id', filter.clientId],
    ['workspace_id', filter.workspaceId],
    ['user_id', filter.userId],
    ['kind', filter.kind],
  ] as const
  return columns.flatMap(([column, value]) => (value === undefined ? [] : [[column, value] as const]))
}

/** @throws {RangeError} the filter would let every grant through */
export function requireNarrow(filter: OAuthGrantFilter): void {
  if (filterColumns(filter).length > 0) return
  throw new RangeError('revokeOAuthGrants: expected a filter with at least one field')
}

const previousSecretColumns = ({ previousSecret }: Pick<ApiKey, 'previousSecret'>): Columns => ({
  previous_hash: orNull(previousSecret?.secretHash),
  previous_until: optionalSeconds(previousSecret?.validUntil),
})

const rightsText = (rights: ReadonlyMap<string, Rights>): string => JSON.stringify([...rights])
