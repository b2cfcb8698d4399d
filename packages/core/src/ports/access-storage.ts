import type {
  Membership,
  OAuthArtifact,
  OAuthArtifactKind,
  OAuthClient,
  OAuthGrant,
  TokenAccess,
} from './access-records.js'
import type { Page, PageRequest } from './pages.js'
import type { ApiKey } from './records.js'

/*
 * The part of the storage port that knows who may ask. What storage.ts says of all operations holds here too. Nothing
 * here looks at the clock: what has expired is found all the same, and who asks compares the times.
 */

export interface ApiKeyFilter {
  readonly workspaceId?: string
  readonly userId?: string
  /** Revoked keys are left out unless this is true. */
  readonly includeRevoked?: boolean
}

export interface MembershipFilter {
  readonly workspaceId?: string
  readonly userId?: string
}

export interface OAuthClientFilter {
  readonly kind?: OAuthClient['kind']
  readonly workspaceId?: string
  readonly userId?: string
}

export interface OAuthGrantFilter {
  readonly grantId?: string
  readonly clientId?: string
  readonly workspaceId?: string
  readonly userId?: string
}

/** What can be changed on an API key. */
export type ApiKeyChange =
  | { readonly kind: 'name'; readonly name: string }
  /** @param expiresAt absent: until it is revoked */
  | { readonly kind: 'expiry'; readonly expiresAt?: Date }
  /** `replaces` is the hash of the secret that the caller saw: of two rotations at once one is refused. */
  | {
      readonly kind: 'secret'
      readonly replaces: string
      readonly secretHash: string
      readonly prefix: string
      /** Absent: the secret before is dead at once. */
      readonly previousSecret?: NonNullable<ApiKey['previousSecret']>
    }
  | { readonly kind: 'revocation'; readonly revokedAt: Date }

export interface AccessReads {
  findApiKey(apiKeyId: string): Promise<ApiKey | undefined>
  /** By its secret, or by the one before, while that is kept. */
  findApiKeyByHash(secretHash: string): Promise<ApiKey | undefined>
  /** Oldest first: by creation time, then by id. */
  listApiKeys(filter: ApiKeyFilter, page: PageRequest): Promise<Page<ApiKey>>

  findMembership(workspaceId: string, userId: string): Promise<Membership | undefined>
  /** Oldest first: by creation time, then by workspace, then by user. */
  listMemberships(filter: MembershipFilter, page: PageRequest): Promise<Page<Membership>>

  findOAuthClient(clientId: string): Promise<OAuthClient | undefined>
  /** Oldest first: by creation time, then by id. */
  listOAuthClients(filter: OAuthClientFilter, page: PageRequest): Promise<Page<OAuthClient>>

  findOAuthGrant(grantId: string): Promise<OAuthGrant | undefined>
  /** Oldest first: by creation time, then by id. Revoked ones too. */
  listOAuthGrants(filter: OAuthGrantFilter, page: PageRequest): Promise<Page<OAuthGrant>>

  findOAuthArtifact(kind: OAuthArtifactKind, idHash: string): Promise<OAuthArtifact | undefined>
  findOAuthArtifactByUid(kind: OAuthArtifactKind, uid: string): Promise<OAuthArtifact | undefined>
  /**
   * The artifact of kind `AccessToken`, its grant, the client, and the membership of the grant's user in the grant's
   * workspace; `undefined` where one of them is missing. One round trip: every request asks.
   */
  findTokenAccess(idHash: string): Promise<TokenAccess | undefined>
}

export interface AccessTransaction extends AccessReads {
  /** @throws {PkiError} `storage_conflict` / `api_key_id` | `api_key_hash` */
  insertApiKey(apiKey: ApiKey): Promise<void>
  /** @returns false, and nothing is written, where there is no such key, it is revoked, or `replaces` is not its secret */
  changeApiKey(apiKeyId: string, change: ApiKeyChange): Promise<boolean>
  /**
   * Write down that a key was used, unless it was used after `unlessAfter`: many processes may see a key at once, and
   * one of them writes.
   */
  markApiKeyUsed(apiKeyId: string, usedAt: Date, unlessAfter: Date): Promise<void>

  /** @throws {PkiError} `storage_conflict` / `membership`: the user is a member already */
  insertMembership(membership: Membership): Promise<void>
  /** @returns false where there is no such member */
  setMemberRights(workspaceId: string, userId: string, rights: Membership['rights']): Promise<boolean>
  /** @returns false where there is no such member */
  deleteMembership(workspaceId: string, userId: string): Promise<boolean>

  /** @throws {PkiError} `storage_conflict` / `oauth_client_id` */
  insertOAuthClient(client: OAuthClient): Promise<void>
  /**
   * @param secret.replaces the hash of the secret that the caller saw: of two rotations at once one is refused
   * @returns false where there is no such client, or that is not its secret
   */
  replaceOAuthClientSecret(
    clientId: string,
    secret: { readonly replaces: string; readonly secretHash: string },
  ): Promise<boolean>
  /** As `markApiKeyUsed`. */
  markOAuthClientUsed(clientId: string, usedAt: Date, unlessAfter: Date): Promise<void>
  /** @returns false where there is no such client */
  deleteOAuthClient(clientId: string): Promise<boolean>

  /** @throws {PkiError} `storage_conflict` / `oauth_grant_id` */
  insertOAuthGrant(grant: OAuthGrant): Promise<void>
  /**
   * Revoke every grant that the filter lets through and that is not revoked yet.
   *
   * @param filter has at least one field
   * @returns how many there were: with a `grantId`, exactly one of many callers is told 1
   */
  revokeOAuthGrants(filter: OAuthGrantFilter, revokedAt: Date): Promise<number>

  /**
   * Keep the artifact, in place of the one with the same kind and hash where there is one. What is consumed stays so,
   * whatever the new one says.
   *
   * @throws {PkiError} `storage_conflict` / `oauth_artifact_uid`: another of the kind has the uid
   */
  putOAuthArtifact(artifact: OAuthArtifact): Promise<void>
  /** @returns true for exactly one of many callers; false where it was consumed before, or is not there */
  consumeOAuthArtifact(kind: OAuthArtifactKind, idHash: string, consumedAt: Date): Promise<boolean>
  /** @returns false where it was not there */
  deleteOAuthArtifact(kind: OAuthArtifactKind, idHash: string): Promise<boolean>
  /** @returns how many there were */
  deleteOAuthArtifactsOfGrant(grantId: string): Promise<number>

  // Garbage, oldest first, at most `limit` of it. Each returns how many were deleted.
  /** Artifacts whose `expiresAt` is at or before `expiredBy`. */
  deleteExpiredOAuthArtifacts(expiredBy: Date, limit: number): Promise<number>
  /** Grants that were revoked, or have expired, at or before `endedBy`. Their artifacts stay until they expire. */
  deleteEndedOAuthGrants(endedBy: Date, limit: number): Promise<number>
  /** Public clients that were used last, or made, at or before `unusedSince`, and that have no grant. */
  deleteUnusedOAuthClients(unusedSince: Date, limit: number): Promise<number>
}
