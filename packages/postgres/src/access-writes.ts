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
  text,
} from '@certwright/sql'
import { deleteEnded } from './delete-ended.js'
import { equalCondition } from './filters.js'
import { Reads } from './reads.js'

/** When a grant ended: as its index says it. */
const endOfGrant = 'LEAST(expires_at, revoked_at)'
/** When a client was used last, or made: as its index says it. */
const lastUse = 'coalesce(last_used_at, created_at)'

/** The part of a transaction that changes who may ask. */
export abstract class AccessWrites extends Reads implements AccessTransaction {
  async insertApiKey(apiKey: ApiKey): Promise<void> {
    await this.insert('api_keys', [apiKeyColumns(apiKey)])
  }

  async changeApiKey(apiKeyId: string, change: ApiKeyChange): Promise<boolean> {
    const columns = apiKeyChangeColumns(change)
    const seen = change.kind === 'secret' ? { secret_hash: change.replaces } : {}
    return (await this.#update('api_keys', columns, { id: apiKeyId, ...seen }, 'revoked_at IS NULL')) === 1
  }

  async markApiKeyUsed(apiKeyId: string, usedAt: Date, unlessAfter: Date): Promise<void> {
    await this.#markUsed('api_keys', apiKeyId, usedAt, unlessAfter)
  }

  async insertMembership(membership: Membership): Promise<void> {
    await this.insert('memberships', [membershipColumns(membership)])
  }

  async setMemberRights(workspaceId: string, userId: string, rights: Membership['rights']): Promise<boolean> {
    const where = { workspace_id: workspaceId, user_id: userId }
    return (await this.#update('memberships', { rights: memberRightsText(rights) }, where)) === 1
  }

  async deleteMembership(workspaceId: string, userId: string): Promise<boolean> {
    const sql = 'DELETE FROM @memberships WHERE workspace_id = $1 AND user_id = $2'
    return (await (await this.session()).run(sql, workspaceId, userId)) === 1
  }

  async insertOAuthClient(client: OAuthClient): Promise<void> {
    await this.insert('oauth_clients', [oauthClientColumns(client)])
  }

  async replaceOAuthClientSecret(
    clientId: string,
    { replaces, secretHash }: { readonly replaces: string; readonly secretHash: string },
  ): Promise<boolean> {
    const where = { id: clientId, secret_hash: replaces }
    return (await this.#update('oauth_clients', { secret_hash: secretHash }, where)) === 1
  }

  async markOAuthClientUsed(clientId: string, usedAt: Date, unlessAfter: Date): Promise<void> {
    await this.#markUsed('oauth_clients', clientId, usedAt, unlessAfter)
  }

  async deleteOAuthClient(clientId: string): Promise<boolean> {
    const session = await this.session()
    return (await session.run('DELETE FROM @oauth_clients WHERE id = $1', clientId)) === 1
  }

  async insertOAuthGrant(grant: OAuthGrant): Promise<void> {
    await this.insert('oauth_grants', [oauthGrantColumns(grant)])
  }

  async revokeOAuthGrants(filter: OAuthGrantFilter, revokedAt: Date): Promise<number> {
    requireNarrow(filter)
    const { sql, values } = equalCondition(filter)
    const update = `
      UPDATE @oauth_grants SET revoked_at = $${values.length + 1} WHERE revoked_at IS NULL AND ${sql}`
    return (await this.session()).runOnce(update, ...values, seconds(revokedAt))
  }

  async putOAuthArtifact(artifact: OAuthArtifact): Promise<void> {
    const columns = oauthArtifactColumns(artifact)
    const names = Object.keys(columns)
    const places = names.map((_name, i) => `$${i + 1}`)
    const set = names.map(
      (name) => `${name} = ${name === 'consumed_at' ? firstConsumption : `excluded.${name}`}`,
    )
    const sql = `
      INSERT INTO @oauth_artifacts AS kept (${names.join(', ')}) VALUES (${places.join(', ')})
      ON CONFLICT (kind, id_hash) DO UPDATE SET ${set.join(', ')}`
    await (await this.session()).run(sql, ...Object.values(columns))
  }

  async consumeOAuthArtifact(kind: OAuthArtifactKind, idHash: string, consumedAt: Date): Promise<boolean> {
    const columns = { consumed_at: seconds(consumedAt) }
    const where = { kind, id_hash: idHash }
    return (await this.#update('oauth_artifacts', columns, where, 'consumed_at IS NULL')) === 1
  }

  async deleteOAuthArtifact(kind: OAuthArtifactKind, idHash: string): Promise<boolean> {
    const sql = 'DELETE FROM @oauth_artifacts WHERE kind = $1 AND id_hash = $2'
    return (await (await this.session()).run(sql, kind, idHash)) === 1
  }

  async deleteOAuthArtifactsOfGrant(grantId: string): Promise<number> {
    return (await this.session()).runOnce('DELETE FROM @oauth_artifacts WHERE grant_id = $1', grantId)
  }

  async deleteExpiredOAuthArtifacts(expiredBy: Date, limit: number): Promise<number> {
    return this.#deleteOldest('oauth_artifacts', 'expires_at', expiredBy, limit)
  }

  async deleteEndedOAuthGrants(endedBy: Date, limit: number): Promise<number> {
    return this.#deleteOldest('oauth_grants', endOfGrant, endedBy, limit)
  }

  /**
   * Two statements: the second sees every grant that was committed before the first had its locks, and who makes a grant
   * holds the client and waits, or is skipped.
   */
  async deleteUnusedOAuthClients(unusedSince: Date, limit: number): Promise<number> {
    const session = await this.session()
    const withoutGrant = 'NOT EXISTS (SELECT 1 FROM @oauth_grants g WHERE g.client_id = c.id)'
    const unused = `
      SELECT id FROM @oauth_clients c
      WHERE kind = 'public' AND ${lastUse} <= $1 AND ${withoutGrant}
      ORDER BY ${lastUse} LIMIT $2 FOR UPDATE OF c SKIP LOCKED`
    const rows = await session.all(unused, Math.floor(unusedSince.getTime() / 1000), limit)
    if (rows.length === 0) return 0
    const ids = rows.map((row) => text(row, 'id'))
    return session.runOnce(`DELETE FROM @oauth_clients c WHERE id = ANY($1) AND ${withoutGrant}`, ids)
  }

  protected async insert(table: string, rows: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
    await (await this.session()).insert(table, rows)
  }

  /** @param where what the row must be like */
  async #update(table: string, columns: Columns, where: Columns, condition = 'TRUE'): Promise<number> {
    const names = Object.keys(columns)
    const set = names.map((name, i) => `${name} = $${i + 1}`)
    const conditions = Object.keys(where).map((name, i) => `${name} = $${names.length + i + 1}`)
    const sql = `UPDATE @${table} SET ${set.join(', ')} WHERE ${conditions.join(' AND ')} AND ${condition}`
    return (await this.session()).run(sql, ...Object.values(columns), ...Object.values(where))
  }

  async #markUsed(table: string, id: string, usedAt: Date, unlessAfter: Date): Promise<void> {
    const sql = `
      UPDATE @${table} SET last_used_at = $1 WHERE id = $2 AND (last_used_at IS NULL OR last_used_at <= $3)`
    const bound = Math.floor(unlessAfter.getTime() / 1000)
    await (await this.session()).run(sql, seconds(usedAt), id, bound)
  }

  async #deleteOldest(table: string, end: string, by: Date, limit: number): Promise<number> {
    const values = [Math.floor(by.getTime() / 1000)]
    const statement = deleteEnded({ table, end, condition: `${end} <= $2`, values, limit })
    return (await this.session()).change(statement)
  }
}

const firstConsumption = 'coalesce(kept.consumed_at, excluded.consumed_at)'
