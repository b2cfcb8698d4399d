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
import {
  apiKeyChangeColumns,
  apiKeyColumns,
  type Columns,
  membershipColumns,
  memberRightsText,
  oauthArtifactColumns,
  oauthClientColumns,
  oauthGrantColumns,
  requireNarrow,
  seconds,
} from '@certwright/sql'
import type { Value } from './connection.js'
import { equalCondition } from './filters.js'
import { Reads } from './reads.js'

/** When a grant ended: as its index says it. */
const endOfGrant = 'coalesce(min(expires_at, revoked_at), expires_at, revoked_at)'
/** When a client was used last, or made: as its index says it. */
const lastUse = 'coalesce(last_used_at, created_at)'

/** The part of a transaction that changes who may ask. */
export abstract class AccessWrites extends Reads implements AccessTransaction {
  async insertApiKey(apiKey: ApiKey): Promise<void> {
    this.insert('api_keys', apiKeyColumns(apiKey))
  }

  async changeApiKey(apiKeyId: string, change: ApiKeyChange): Promise<boolean> {
    const columns = apiKeyChangeColumns(change)
    const seen = change.kind === 'secret' ? { secret_hash: change.replaces } : {}
    const where: Columns = { id: apiKeyId, revoked_at: null, ...seen }
    return this.#update('api_keys', columns, where) === 1
  }

  async markApiKeyUsed(apiKeyId: string, usedAt: Date, unlessAfter: Date): Promise<void> {
    this.#markUsed('api_keys', apiKeyId, usedAt, unlessAfter)
  }

  async insertMembership(membership: Membership): Promise<void> {
    this.insert('memberships', membershipColumns(membership))
  }

  async setMemberRights(workspaceId: string, userId: string, rights: Membership['rights']): Promise<boolean> {
    const where = { workspace_id: workspaceId, user_id: userId }
    return this.#update('memberships', { rights: memberRightsText(rights) }, where) === 1
  }

  async deleteMembership(workspaceId: string, userId: string): Promise<boolean> {
    const sql = 'DELETE FROM memberships WHERE workspace_id = ? AND user_id = ?'
    return this.connection().run(sql, workspaceId, userId) === 1
  }

  async insertOAuthClient(client: OAuthClient): Promise<void> {
    this.insert('oauth_clients', oauthClientColumns(client))
  }

  async replaceOAuthClientSecret(
    clientId: string,
    { replaces, secretHash }: { readonly replaces: string; readonly secretHash: string },
  ): Promise<boolean> {
    const where = { id: clientId, secret_hash: replaces }
    return this.#update('oauth_clients', { secret_hash: secretHash }, where) === 1
  }

  async markOAuthClientUsed(clientId: string, usedAt: Date, unlessAfter: Date): Promise<void> {
    this.#markUsed('oauth_clients', clientId, usedAt, unlessAfter)
  }

  async deleteOAuthClient(clientId: string): Promise<boolean> {
    return this.connection().run('DELETE FROM oauth_clients WHERE id = ?', clientId) === 1
  }

  async insertOAuthGrant(grant: OAuthGrant): Promise<void> {
    this.insert('oauth_grants', oauthGrantColumns(grant))
  }

  async revokeOAuthGrants(filter: OAuthGrantFilter, revokedAt: Date): Promise<number> {
    requireNarrow(filter)
    const { sql, values } = equalCondition(filter)
    const update = `UPDATE oauth_grants SET revoked_at = ? WHERE revoked_at IS NULL AND ${sql}`
    return this.connection().run(update, seconds(revokedAt), ...values)
  }

  async putOAuthArtifact(artifact: OAuthArtifact): Promise<void> {
    const columns = oauthArtifactColumns(artifact)
    const names = Object.keys(columns)
    const set = names.map(
      (name) => `${name} = ${name === 'consumed_at' ? firstConsumption : `excluded.${name}`}`,
    )
    const sql = `
      INSERT INTO oauth_artifacts (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})
      ON CONFLICT (kind, id_hash) DO UPDATE SET ${set.join(', ')}`
    this.connection().run(sql, ...Object.values(columns))
  }

  async consumeOAuthArtifact(kind: OAuthArtifactKind, idHash: string, consumedAt: Date): Promise<boolean> {
    const where = { kind, id_hash: idHash, consumed_at: null }
    return this.#update('oauth_artifacts', { consumed_at: seconds(consumedAt) }, where) === 1
  }

  async deleteOAuthArtifact(kind: OAuthArtifactKind, idHash: string): Promise<boolean> {
    const sql = 'DELETE FROM oauth_artifacts WHERE kind = ? AND id_hash = ?'
    return this.connection().run(sql, kind, idHash) === 1
  }

  async deleteOAuthArtifactsOfGrant(grantId: string): Promise<number> {
    return this.connection().run('DELETE FROM oauth_artifacts WHERE grant_id = ?', grantId)
  }

  async deleteExpiredOAuthArtifacts(expiredBy: Date, limit: number): Promise<number> {
    return this.#deleteOldest('oauth_artifacts', 'expires_at <= ?', 'expires_at', expiredBy, limit)
  }

  async deleteEndedOAuthGrants(endedBy: Date, limit: number): Promise<number> {
    return this.#deleteOldest('oauth_grants', `${endOfGrant} <= ?`, endOfGrant, endedBy, limit)
  }

  async deleteUnusedOAuthClients(unusedSince: Date, limit: number): Promise<number> {
    const condition = `
      kind = 'public' AND ${lastUse} <= ?
      AND NOT EXISTS (SELECT 1 FROM oauth_grants WHERE client_id = oauth_clients.id)`
    return this.#deleteOldest('oauth_clients', condition, lastUse, unusedSince, limit)
  }

  protected insert(table: string, columns: Readonly<Record<string, Value>>, verb = 'INSERT'): void {
    const names = Object.keys(columns)
    const places = names.map(() => '?').join(', ')
    const sql = `${verb} INTO ${table} (${names.join(', ')}) VALUES (${places})`
    this.connection().run(sql, ...Object.values(columns))
  }

  /** @param where what the row must be like; null is absence */
  #update(table: string, columns: Columns, where: Columns): number {
    const set = Object.keys(columns).map((name) => `${name} = ?`)
    const conditions = Object.keys(where).map((name) => `${name} IS ?`)
    const sql = `UPDATE ${table} SET ${set.join(', ')} WHERE ${conditions.join(' AND ')}`
    return this.connection().run(sql, ...Object.values(columns), ...Object.values(where))
  }

  #markUsed(table: string, id: string, usedAt: Date, unlessAfter: Date): void {
    const sql = `
      UPDATE ${table} SET last_used_at = ? WHERE id = ? AND (last_used_at IS NULL OR last_used_at <= ?)`
    this.connection().run(sql, seconds(usedAt), id, unlessAfter.getTime() / 1000)
  }

  #deleteOldest(table: string, condition: string, order: string, by: Date, limit: number): number {
    const sql = `
      DELETE FROM ${table} WHERE rowid IN (
        SELECT rowid FROM ${table} WHERE ${condition} ORDER BY ${order} LIMIT ?)`
    return this.connection().run(sql, by.getTime() / 1000, limit)
  }
}

const firstConsumption = 'coalesce(oauth_artifacts.consumed_at, excluded.consumed_at)'
