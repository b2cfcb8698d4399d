import type {
  AccessReads as AccessReadsPort,
  ApiKey,
  ApiKeyFilter,
  Membership,
  MembershipFilter,
  OAuthArtifact,
  OAuthArtifactKind,
  OAuthClient,
  OAuthClientFilter,
  OAuthGrant,
  OAuthGrantFilter,
  Page,
  PageRequest,
  TokenAccess,
} from '@certwright/core'
import {
  apiKeyOf,
  firstOfPage,
  integer,
  membershipOf,
  oauthArtifactOf,
  oauthClientOf,
  oauthGrantOf,
  type Row,
  tokenAccessColumns,
  tokenAccessOf,
} from '@certwright/sql'
import type { Connection, Value } from './connection.js'
import { apiKeyCondition, type Condition, equalCondition } from './filters.js'

/** What can be read of who may ask. */
export abstract class AccessReads implements AccessReadsPort {
  protected abstract connection(): Connection

  async findApiKey(apiKeyId: string): Promise<ApiKey | undefined> {
    return this.find(apiKeyOf, 'SELECT * FROM api_keys WHERE id = ?', apiKeyId)
  }

  async findApiKeyByHash(secretHash: string): Promise<ApiKey | undefined> {
    const sql = 'SELECT * FROM api_keys WHERE secret_hash = ? OR previous_hash = ?'
    return this.find(apiKeyOf, sql, secretHash, secretHash)
  }

  async listApiKeys(filter: ApiKeyFilter, page: PageRequest): Promise<Page<ApiKey>> {
    return this.#page(apiKeyOf, 'api_keys', 'id', apiKeyCondition(filter), page)
  }

  async findMembership(workspaceId: string, userId: string): Promise<Membership | undefined> {
    const sql = 'SELECT * FROM memberships WHERE workspace_id = ? AND user_id = ?'
    return this.find(membershipOf, sql, workspaceId, userId)
  }

  async listMemberships(filter: MembershipFilter, page: PageRequest): Promise<Page<Membership>> {
    return this.#page(membershipOf, 'memberships', 'workspace_id, user_id', equalCondition(filter), page)
  }

  async findOAuthClient(clientId: string): Promise<OAuthClient | undefined> {
    return this.find(oauthClientOf, 'SELECT * FROM oauth_clients WHERE id = ?', clientId)
  }

  async listOAuthClients(filter: OAuthClientFilter, page: PageRequest): Promise<Page<OAuthClient>> {
    return this.#page(oauthClientOf, 'oauth_clients', 'id', equalCondition(filter), page)
  }

  async findOAuthGrant(grantId: string): Promise<OAuthGrant | undefined> {
    return this.find(oauthGrantOf, 'SELECT * FROM oauth_grants WHERE id = ?', grantId)
  }

  async listOAuthGrants(filter: OAuthGrantFilter, page: PageRequest): Promise<Page<OAuthGrant>> {
    return this.#page(oauthGrantOf, 'oauth_grants', 'id', equalCondition(filter), page)
  }

  async findOAuthArtifact(kind: OAuthArtifactKind, idHash: string): Promise<OAuthArtifact | undefined> {
    return this.find(
      oauthArtifactOf,
      'SELECT * FROM oauth_artifacts WHERE kind = ? AND id_hash = ?',
      kind,
      idHash,
    )
  }

  async findOAuthArtifactByUid(kind: OAuthArtifactKind, uid: string): Promise<OAuthArtifact | undefined> {
    return this.find(oauthArtifactOf, 'SELECT * FROM oauth_artifacts WHERE kind = ? AND uid = ?', kind, uid)
  }

  async findTokenAccess(idHash: string): Promise<TokenAccess | undefined> {
    const sql = `
      SELECT ${tokenAccessColumns}
      FROM oauth_artifacts t
      JOIN oauth_grants g ON g.id = t.grant_id
      JOIN oauth_clients c ON c.id = g.client_id
      JOIN memberships m ON m.workspace_id = g.workspace_id AND m.user_id = g.user_id
      WHERE t.kind = 'AccessToken' AND t.id_hash = ?`
    return this.find(tokenAccessOf, sql, idHash)
  }

  protected find<T>(read: (row: Row) => T, sql: string, ...values: readonly Value[]): T | undefined {
    const row = this.connection().first(sql, ...values)
    return row && read(row)
  }

  /** Oldest first. */
  #page<T>(
    read: (row: Row) => T,
    table: string,
    order: string,
    { sql, values }: Condition,
    page: PageRequest,
  ): Page<T> {
    const first = firstOfPage(page)
    const connection = this.connection()
    const total = connection.first(`SELECT count(*) AS total FROM ${table} WHERE ${sql}`, ...values)
    const rows = connection.all(
      `SELECT * FROM ${table} WHERE ${sql} ORDER BY created_at, ${order} LIMIT ? OFFSET ?`,
      ...values,
      page.pageSize,
      first,
    )
    return { items: rows.map(read), total: total === undefined ? 0 : integer(total, 'total') }
  }
}
