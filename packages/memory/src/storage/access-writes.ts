import type {
  AccessTransaction,
  ApiKey,
  ApiKeyChange,
  Membership,
  OAuthArtifact,
  OAuthArtifactKind,
  OAuthClient,
  OAuthGrant,
  OAuthGrantFilter,
} from '@certwright/core'
import { selectGrants } from './access-reads.js'
import { conflict } from './conflict.js'
import { copyRecord } from './copy-record.js'
import { Reads } from './reads.js'
import { artifactKey, type Draft, memberKey } from './tables.js'

/** The part of a transaction that changes who may ask. */
export abstract class AccessWrites extends Reads implements AccessTransaction {
  protected abstract override tables(): Draft

  async insertApiKey(apiKey: ApiKey): Promise<void> {
    const { apiKeys } = this.tables()
    if (apiKeys.has(apiKey.id)) throw conflict('api_key_id')
    this.#keepApiKey(copyRecord(apiKey))
  }

  async changeApiKey(apiKeyId: string, change: ApiKeyChange): Promise<boolean> {
    const { apiKeys, apiKeyIdByHash } = this.tables()
    const apiKey = apiKeys.get(apiKeyId)
    if (apiKey === undefined || apiKey.revokedAt !== undefined) return false
    if (change.kind === 'secret' && change.replaces !== apiKey.secretHash) return false
    for (const hash of hashesOf(apiKey)) apiKeyIdByHash.delete(hash)
    this.#keepApiKey(changed(apiKey, change))
    return true
  }

  async markApiKeyUsed(apiKeyId: string, usedAt: Date, unlessAfter: Date): Promise<void> {
    markUsed(this.tables().apiKeys, apiKeyId, usedAt, unlessAfter)
  }

  async insertMembership(membership: Membership): Promise<void> {
    const { memberships } = this.tables()
    const key = memberKey(membership.workspaceId, membership.userId)
    if (memberships.has(key)) throw conflict('membership')
    memberships.set(key, copyRecord(membership))
  }

  async setMemberRights(workspaceId: string, userId: string, rights: Membership['rights']): Promise<boolean> {
    const { memberships } = this.tables()
    const key = memberKey(workspaceId, userId)
    const membership = memberships.get(key)
    if (membership === undefined) return false
    memberships.set(key, copyRecord({ ...membership, rights }))
    return true
  }

  async deleteMembership(workspaceId: string, userId: string): Promise<boolean> {
    return deleteRow(this.tables().memberships, memberKey(workspaceId, userId))
  }

  async insertOAuthClient(client: OAuthClient): Promise<void> {
    const { oauthClients } = this.tables()
    if (oauthClients.has(client.id)) throw conflict('oauth_client_id')
    oauthClients.set(client.id, copyRecord(client))
  }

  async replaceOAuthClientSecret(
    clientId: string,
    { replaces, secretHash }: { readonly replaces: string; readonly secretHash: string },
  ): Promise<boolean> {
    const { oauthClients } = this.tables()
    const client = oauthClients.get(clientId)
    if (client === undefined || client.secretHash !== replaces) return false
    oauthClients.set(clientId, { ...client, secretHash })
    return true
  }

  async markOAuthClientUsed(clientId: string, usedAt: Date, unlessAfter: Date): Promise<void> {
    markUsed(this.tables().oauthClients, clientId, usedAt, unlessAfter)
  }

  async deleteOAuthClient(clientId: string): Promise<boolean> {
    return deleteRow(this.tables().oauthClients, clientId)
  }

  async insertOAuthGrant(grant: OAuthGrant): Promise<void> {
    const { oauthGrants } = this.tables()
    if (oauthGrants.has(grant.id)) throw conflict('oauth_grant_id')
    oauthGrants.set(grant.id, copyRecord(grant))
  }

  async revokeOAuthGrants(filter: OAuthGrantFilter, revokedAt: Date): Promise<number> {
    const draft = this.tables()
    if (Object.values(filter).every((value) => value === undefined)) {
      throw new RangeError('revokeOAuthGrants: expected a filter with at least one field')
    }
    const live = selectGrants(draft, filter).filter((grant) => grant.revokedAt === undefined)
    for (const grant of live) draft.oauthGrants.set(grant.id, copyRecord({ ...grant, revokedAt }))
    return live.length
  }

  async putOAuthArtifact(artifact: OAuthArtifact): Promise<void> {
    const { oauthArtifacts, artifactKeyByUid } = this.tables()
    const { kind, idHash, uid } = artifact
    const key = artifactKey(kind, idHash)
    const before = oauthArtifacts.get(key)
    if (uid !== undefined && (artifactKeyByUid.get(artifactKey(kind, uid)) ?? key) !== key) {
      throw conflict('oauth_artifact_uid')
    }
    if (before?.uid !== undefined) artifactKeyByUid.delete(artifactKey(kind, before.uid))
    if (uid !== undefined) artifactKeyByUid.set(artifactKey(kind, uid), key)
    const { consumedAt } = before ?? {}
    oauthArtifacts.set(key, copyRecord({ ...artifact, ...(consumedAt && { consumedAt }) }))
  }

  async consumeOAuthArtifact(kind: OAuthArtifactKind, idHash: string, consumedAt: Date): Promise<boolean> {
    const { oauthArtifacts } = this.tables()
    const key = artifactKey(kind, idHash)
    const artifact = oauthArtifacts.get(key)
    if (artifact === undefined || artifact.consumedAt !== undefined) return false
    oauthArtifacts.set(key, copyRecord({ ...artifact, consumedAt }))
    return true
  }

  async deleteOAuthArtifact(kind: OAuthArtifactKind, idHash: string): Promise<boolean> {
    const artifact = this.tables().oauthArtifacts.get(artifactKey(kind, idHash))
    if (artifact !== undefined) this.#forget(artifact)
    return artifact !== undefined
  }

  async deleteOAuthArtifactsOfGrant(grantId: string): Promise<number> {
    const artifacts = [...this.tables().oauthArtifacts.values()].filter((kept) => kept.grantId === grantId)
    for (const artifact of artifacts) this.#forget(artifact)
    return artifacts.length
  }

  async deleteExpiredOAuthArtifacts(expiredBy: Date, limit: number): Promise<number> {
    const artifacts = oldest(
      this.tables().oauthArtifacts.values(),
      (kept) => kept.expiresAt,
      expiredBy,
      limit,
    )
    for (const artifact of artifacts) this.#forget(artifact)
    return artifacts.length
  }

  async deleteEndedOAuthGrants(endedBy: Date, limit: number): Promise<number> {
    const { oauthGrants } = this.tables()
    const grants = oldest(oauthGrants.values(), endOf, endedBy, limit)
    for (const { id } of grants) oauthGrants.delete(id)
    return grants.length
  }

  async deleteUnusedOAuthClients(unusedSince: Date, limit: number): Promise<number> {
    const { oauthClients, oauthGrants } = this.tables()
    const granted = new Set([...oauthGrants.values()].map((grant) => grant.clientId))
    const lastUse = ({ id, kind, createdAt, lastUsedAt }: OAuthClient) =>
      kind === 'public' && !granted.has(id) ? (lastUsedAt ?? createdAt) : undefined
    const clients = oldest(oauthClients.values(), lastUse, unusedSince, limit)
    for (const { id } of clients) oauthClients.delete(id)
    return clients.length
  }

  #keepApiKey(apiKey: ApiKey): void {
    const { apiKeys, apiKeyIdByHash } = this.tables()
    for (const hash of hashesOf(apiKey)) {
      if (apiKeyIdByHash.has(hash)) throw conflict('api_key_hash')
      apiKeyIdByHash.set(hash, apiKey.id)
    }
    apiKeys.set(apiKey.id, apiKey)
  }

  #forget({ kind, idHash, uid }: OAuthArtifact): void {
    const { oauthArtifacts, artifactKeyByUid } = this.tables()
    oauthArtifacts.delete(artifactKey(kind, idHash))
    if (uid !== undefined) artifactKeyByUid.delete(artifactKey(kind, uid))
  }
}

const hashesOf = ({ secretHash, previousSecret }: ApiKey): readonly string[] =>
  previousSecret === undefined ? [secretHash] : [secretHash, previousSecret.secretHash]

function changed(apiKey: ApiKey, change: ApiKeyChange): ApiKey {
  switch (change.kind) {
    case 'name':
      return { ...apiKey, name: change.name }
    case 'revocation':
      return copyRecord({ ...apiKey, revokedAt: change.revokedAt })
    case 'expiry': {
      const { expiresAt: _before, ...rest } = apiKey
      return change.expiresAt === undefined ? rest : copyRecord({ ...rest, expiresAt: change.expiresAt })
    }
    case 'secret': {
      const { previousSecret: _before, ...rest } = apiKey
      const { secretHash, prefix, previousSecret } = change
      return copyRecord({ ...rest, secretHash, prefix, ...(previousSecret && { previousSecret }) })
    }
  }
}

interface Usable {
  readonly lastUsedAt?: Date
}

function markUsed<T extends Usable>(
  rows: { get(key: string): T | undefined; set(key: string, row: T): void },
  id: string,
  usedAt: Date,
  unlessAfter: Date,
): void {
  const row = rows.get(id)
  if (row === undefined || (row.lastUsedAt !== undefined && row.lastUsedAt > unlessAfter)) return
  rows.set(id, copyRecord({ ...row, lastUsedAt: usedAt }))
}

function deleteRow(rows: { has(key: string): boolean; delete(key: string): void }, key: string): boolean {
  const isThere = rows.has(key)
  if (isThere) rows.delete(key)
  return isThere
}

function endOf({ expiresAt, revokedAt }: OAuthGrant): Date | undefined {
  if (expiresAt === undefined || revokedAt === undefined) return revokedAt ?? expiresAt
  return revokedAt < expiresAt ? revokedAt : expiresAt
}

/** Those whose time has come, the oldest first. */
function oldest<T>(
  rows: Iterable<T>,
  timeOf: (row: T) => Date | undefined,
  by: Date,
  limit: number,
): readonly T[] {
  return [...rows]
    .flatMap((row) => {
      const time = timeOf(row)?.getTime()
      return time !== undefined && time <= by.getTime() ? [{ row, time }] : []
    })
    .sort((a, b) => a.time - b.time)
    .slice(0, limit)
    .map(({ row }) => row)
}
