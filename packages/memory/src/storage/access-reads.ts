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
import { copyFound, copyRecord } from './copy-record.js'
import { firstOfPage } from './first-of-page.js'
import { artifactKey, memberKey, type Tables } from './tables.js'

/** What can be read of who may ask. Lists are scans: a store in memory has few keys, members and grants. */
export abstract class AccessReads implements AccessReadsPort {
  protected abstract tables(): Tables

  async findApiKey(apiKeyId: string): Promise<ApiKey | undefined> {
    return copyFound(this.tables().apiKeys.get(apiKeyId))
  }

  async findApiKeyByHash(secretHash: string): Promise<ApiKey | undefined> {
    const { apiKeys, apiKeyIdByHash } = this.tables()
    const id = apiKeyIdByHash.get(secretHash)
    return id === undefined ? undefined : copyFound(apiKeys.get(id))
  }

  async listApiKeys(filter: ApiKeyFilter, page: PageRequest): Promise<Page<ApiKey>> {
    const { includeRevoked, ...fields } = filter
    const keys = select(this.tables().apiKeys.values(), fields)
    const live = includeRevoked === true ? keys : keys.filter((key) => key.revokedAt === undefined)
    return pageOf(live, ({ id }) => id, page)
  }

  async findMembership(workspaceId: string, userId: string): Promise<Membership | undefined> {
    return copyFound(this.tables().memberships.get(memberKey(workspaceId, userId)))
  }

  async listMemberships(filter: MembershipFilter, page: PageRequest): Promise<Page<Membership>> {
    const members = select(this.tables().memberships.values(), filter)
    return pageOf(members, ({ workspaceId, userId }) => memberKey(workspaceId, userId), page)
  }

  async findOAuthClient(clientId: string): Promise<OAuthClient | undefined> {
    return copyFound(this.tables().oauthClients.get(clientId))
  }

  async listOAuthClients(filter: OAuthClientFilter, page: PageRequest): Promise<Page<OAuthClient>> {
    return pageOf(select(this.tables().oauthClients.values(), filter), ({ id }) => id, page)
  }

  async findOAuthGrant(grantId: string): Promise<OAuthGrant | undefined> {
    return copyFound(this.tables().oauthGrants.get(grantId))
  }

  async listOAuthGrants(filter: OAuthGrantFilter, page: PageRequest): Promise<Page<OAuthGrant>> {
    return pageOf(selectGrants(this.tables(), filter), ({ id }) => id, page)
  }

  async findOAuthArtifact(kind: OAuthArtifactKind, idHash: string): Promise<OAuthArtifact | undefined> {
    return copyFound(this.tables().oauthArtifacts.get(artifactKey(kind, idHash)))
  }

  async findOAuthArtifactByUid(kind: OAuthArtifactKind, uid: string): Promise<OAuthArtifact | undefined> {
    const { oauthArtifacts, artifactKeyByUid } = this.tables()
    const key = artifactKeyByUid.get(artifactKey(kind, uid))
    return key === undefined ? undefined : copyFound(oauthArtifacts.get(key))
  }

  async findTokenAccess(idHash: string): Promise<TokenAccess | undefined> {
    const tables = this.tables()
    const token = tables.oauthArtifacts.get(artifactKey('AccessToken', idHash))
    const grant = token?.grantId === undefined ? undefined : tables.oauthGrants.get(token.grantId)
    if (token === undefined || grant === undefined) return undefined
    const client = tables.oauthClients.get(grant.clientId)
    const membership = tables.memberships.get(memberKey(grant.workspaceId, grant.userId))
    if (client === undefined || membership === undefined) return undefined
    return {
      token: copyRecord(token),
      grant: copyRecord(grant),
      client: copyRecord(client),
      membership: copyRecord(membership),
    }
  }
}

export function selectGrants(tables: Tables, { grantId, ...fields }: OAuthGrantFilter): OAuthGrant[] {
  return select(tables.oauthGrants.values(), { ...(grantId !== undefined && { id: grantId }), ...fields })
}

/** The rows that have the fields of the filter; a field that is `undefined` lets everything through. */
const select = <T extends object>(rows: Iterable<T>, fields: Partial<T>): T[] =>
  // The cast: `Object.entries` forgets the names.
  [...rows].filter((row) =>
    (Object.entries(fields) as [keyof T, unknown][]).every(
      ([name, value]) => value === undefined || row[name] === value,
    ),
  )

/** Oldest first, those of one second by their ids. */
function pageOf<T extends { readonly createdAt: Date }>(
  rows: readonly T[],
  idOf: (row: T) => string,
  page: PageRequest,
): Page<T> {
  const first = firstOfPage(page)
  const sorted = [...rows].sort(
    (a, b) => a.createdAt.getTime() - b.createdAt.getTime() || (idOf(a) < idOf(b) ? -1 : 1),
  )
  return { items: sorted.slice(first, first + page.pageSize).map(copyRecord), total: rows.length }
}
