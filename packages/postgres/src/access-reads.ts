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
import { apiKeyCondition, type Condition, equalCondition } from './filters.js'
import type { Session } from './session.js'

/** Of statements that are kept: see `Statement.isKept`. */
const apiKeyColumnNames = `
  id, workspace_id, user_id, name, prefix, secret_hash, grants, created_at, expires_at, last_used_at, revoked_at,
  previous_hash, previous_until`

/** What can be read of who may ask. In a transaction, what a decision may rest on is read `FOR SHARE`: see reads.ts. */
export abstract class AccessReads implements AccessReadsPort {
  /** How a row is read that a decision rests on. */
  protected abstract readonly lock: '' | 'FOR SHARE'

  protected abstract session(): Promise<Session>

  async findApiKey(apiKeyId: string): Promise<ApiKey | undefined> {
    return this.find(apiKeyOf, 'SELECT * FROM @api_keys WHERE id = $1', apiKeyId)
  }

  async findApiKeyByHash(secretHash: string): Promise<ApiKey | undefined> {
    // Not by OR: of a new table, a plan that is kept would read the whole for it.
    const sql = `
      SELECT ${apiKeyColumnNames} FROM @api_keys WHERE secret_hash = $1
      UNION ALL SELECT ${apiKeyColumnNames} FROM @api_keys WHERE previous_hash = $1`
    return this.findKept(apiKeyOf, sql, secretHash)
  }

  async listApiKeys(filter: ApiKeyFilter, page: PageRequest): Promise<Page<ApiKey>> {
    return this.#page(apiKeyOf, 'api_keys', 'id', apiKeyCondition(filter), page)
  }

  async findMembership(workspaceId: string, userId: string): Promise<Membership | undefined> {
    const sql = `
      SELECT workspace_id, user_id, rights, created_at FROM @memberships
      WHERE workspace_id = $1 AND user_id = $2 ${this.lock}`
    return this.findKept(membershipOf, sql, workspaceId, userId)
  }

  async listMemberships(filter: MembershipFilter, page: PageRequest): Promise<Page<Membership>> {
    return this.#page(membershipOf, 'memberships', 'workspace_id, user_id', equalCondition(filter), page)
  }

  async findOAuthClient(clientId: string): Promise<OAuthClient | undefined> {
    return this.find(oauthClientOf, `SELECT * FROM @oauth_clients WHERE id = $1 ${this.lock}`, clientId)
  }

  async listOAuthClients(filter: OAuthClientFilter, page: PageRequest): Promise<Page<OAuthClient>> {
    return this.#page(oauthClientOf, 'oauth_clients', 'id', equalCondition(filter), page)
  }

  async findOAuthGrant(grantId: string): Promise<OAuthGrant | undefined> {
    return this.find(oauthGrantOf, `SELECT * FROM @oauth_grants WHERE id = $1 ${this.lock}`, grantId)
  }

  async listOAuthGrants(filter: OAuthGrantFilter, page: PageRequest): Promise<Page<OAuthGrant>> {
    return this.#page(oauthGrantOf, 'oauth_grants', 'id', equalCondition(filter), page)
  }

  async findOAuthArtifact(kind: OAuthArtifactKind, idHash: string): Promise<OAuthArtifact | undefined> {
    const sql = `SELECT * FROM @oauth_artifacts WHERE kind = $1 AND id_hash = $2 ${this.lock}`
    return this.find(oauthArtifactOf, sql, kind, idHash)
  }

  async findOAuthArtifactByUid(kind: OAuthArtifactKind, uid: string): Promise<OAuthArtifact | undefined> {
    const sql = `SELECT * FROM @oauth_artifacts WHERE kind = $1 AND uid = $2 ${this.lock}`
    return this.find(oauthArtifactOf, sql, kind, uid)
  }

  async findTokenAccess(idHash: string): Promise<TokenAccess | undefined> {
    const sql = `
      SELECT ${tokenAccessColumns}
      FROM @oauth_artifacts t
      JOIN @oauth_grants g ON g.id = t.grant_id
      JOIN @oauth_clients c ON c.id = g.client_id
      JOIN @memberships m ON m.workspace_id = g.workspace_id AND m.user_id = g.user_id
      WHERE t.kind = 'AccessToken' AND t.id_hash = $1`
    return this.findKept(tokenAccessOf, sql, idHash)
  }

  protected async find<T>(
    read: (row: Row) => T,
    sql: string,
    ...values: readonly unknown[]
  ): Promise<T | undefined> {
    const row = await (await this.session()).first(sql, ...values)
    return row && read(row)
  }

  /** As `find`, for what every request asks. */
  protected async findKept<T>(
    read: (row: Row) => T,
    sql: string,
    ...values: readonly unknown[]
  ): Promise<T | undefined> {
    const [row] = await (await this.session()).allKept(sql, ...values)
    return row && read(row)
  }

  /** Oldest first. */
  async #page<T>(
    read: (row: Row) => T,
    table: string,
    order: string,
    { sql, values }: Condition,
    page: PageRequest,
  ): Promise<Page<T>> {
    const first = firstOfPage(page)
    const session = await this.session()
    const total = await session.first(`SELECT count(*) AS total FROM @${table} WHERE ${sql}`, ...values)
    const limit = `LIMIT $${values.length + 1} OFFSET $${values.length + 2}`
    const rows = await session.all(
      `SELECT * FROM @${table} WHERE ${sql} ORDER BY created_at, ${order} ${limit}`,
      ...values,
      page.pageSize,
      first,
    )
    return { items: rows.map(read), total: total === undefined ? 0 : integer(total, 'total') }
  }
}
