import type { ApiKey, Membership, OAuthArtifact, OAuthClient, OAuthGrant, Rights } from '@certwright/core'
import type { Row } from './row.js'
import { json, present, text, time } from './values.js'

/* Rows as records, of who may ask. The columns are those of access-columns.ts. */

export const apiKeyOf = (row: Row): ApiKey => ({
  id: text(row, 'id'),
  workspaceId: text(row, 'workspace_id'),
  userId: text(row, 'user_id'),
  name: text(row, 'name'),
  prefix: text(row, 'prefix'),
  secretHash: text(row, 'secret_hash'),
  grants: rightsOf(row, 'grants'),
  createdAt: time(row, 'created_at'),
  ...present(row, 'expiresAt', 'expires_at', time),
  ...present(row, 'lastUsedAt', 'last_used_at', time),
  ...present(row, 'revokedAt', 'revoked_at', time),
  ...present(row, 'previousSecret', 'previous_hash', () => ({
    secretHash: text(row, 'previous_hash'),
    validUntil: time(row, 'previous_until'),
  })),
})

export const membershipOf = (row: Row): Membership => ({
  workspaceId: text(row, 'workspace_id'),
  userId: text(row, 'user_id'),
  rights: memberRightsOf(row, 'rights'),
  createdAt: time(row, 'created_at'),
})

export const oauthClientOf = (row: Row): OAuthClient => ({
  id: text(row, 'id'),
  kind: text(row, 'kind'),
  ...present(row, 'workspaceId', 'workspace_id', text),
  ...present(row, 'userId', 'user_id', text),
  name: text(row, 'name'),
  redirectUris: json(row, 'redirect_uris'),
  ...present(row, 'secretHash', 'secret_hash', text),
  metadata: text(row, 'metadata'),
  createdAt: time(row, 'created_at'),
  ...present(row, 'lastUsedAt', 'last_used_at', time),
})

export const oauthGrantOf = (row: Row): OAuthGrant => ({
  id: text(row, 'id'),
  clientId: text(row, 'client_id'),
  workspaceId: text(row, 'workspace_id'),
  userId: text(row, 'user_id'),
  rights: rightsOf(row, 'rights'),
  createdAt: time(row, 'created_at'),
  ...present(row, 'expiresAt', 'expires_at', time),
  ...present(row, 'revokedAt', 'revoked_at', time),
})

export const oauthArtifactOf = (row: Row): OAuthArtifact => ({
  kind: text(row, 'kind'),
  idHash: text(row, 'id_hash'),
  ...present(row, 'grantId', 'grant_id', text),
  ...present(row, 'uid', 'uid', text),
  payload: text(row, 'payload'),
  ...present(row, 'consumedAt', 'consumed_at', time),
  expiresAt: time(row, 'expires_at'),
})

const rightsOf = (row: Row, column: string): ReadonlyMap<string, Rights> =>
  new Map(json<[string, Rights][]>(row, column))

function memberRightsOf(row: Row, column: string): Membership['rights'] {
  const rights = json<'all' | [string, Rights][]>(row, column)
  return rights === 'all' ? rights : new Map(rights)
}
