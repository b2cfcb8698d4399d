import type { Rights } from './records.js'

/* Who may ask, beside API keys: members of workspaces, and what OAuth 2.1 keeps. The rules of records.ts hold here too. */

/** What a user may do in a workspace now. */
export interface Membership {
  readonly workspaceId: string
  readonly userId: string
  /** `all`: every right on every CA of the workspace, also on those to come. Else by CA id; may be empty. */
  readonly rights: 'all' | ReadonlyMap<string, Rights>
  readonly createdAt: Date
}

/** An application that asks users for access (RFC 6749 §2). */
export interface OAuthClient {
  /** The `client_id`. */
  readonly id: string
  /** `confidential`: has a secret, and an owner. `public`: registered itself, and proves itself by PKCE alone. */
  readonly kind: 'confidential' | 'public'
  /** Where a confidential client was made; it may be granted access to other workspaces all the same. */
  readonly workspaceId?: string
  /** Who owns a confidential client. */
  readonly userId?: string
  readonly name: string
  /** Compared exactly (RFC 9700 §2.1), but for the port of a loopback address. */
  readonly redirectUris: readonly string[]
  /** SHA-256 of the secret, hex; of a confidential client alone. */
  readonly secretHash?: string
  /** JSON: the members of the client's metadata (RFC 7591 §2) that have no field here; `{}` where there are none. */
  readonly metadata: string
  readonly createdAt: Date
  /** When a token was issued to it last; within a minute or so. */
  readonly lastUsedAt?: Date
}

/** What a user has let a client do, CA by CA. Its tokens never say more, and never more than the user may do now. */
export interface OAuthGrant {
  readonly id: string
  readonly clientId: string
  readonly workspaceId: string
  readonly userId: string
  /** By CA id; never empty. */
  readonly rights: ReadonlyMap<string, Rights>
  readonly createdAt: Date
  readonly expiresAt?: Date
  readonly revokedAt?: Date
}

/** The models of an authorization server, by the names that oidc-provider gives them. */
export type OAuthArtifactKind =
  | 'AccessToken'
  | 'AuthorizationCode'
  | 'RefreshToken'
  | 'Session'
  | 'Interaction'
  | 'Grant'
  | 'ReplayDetection'
  | 'PushedAuthorizationRequest'
  // Two of our own: what repeats a rotation for a client that retries, and the secret of the server.
  | 'Rotation'
  | 'ServerKeys'

/** A token, a code or a session of the authorization server. What the client holds is kept nowhere. */
export interface OAuthArtifact {
  readonly kind: OAuthArtifactKind
  /** SHA-256 of what the client holds, hex; with the kind it is the key of the record. */
  readonly idHash: string
  /** The grant that it stands for, and dies with. */
  readonly grantId?: string
  /** A second name, unique among the artifacts of the kind. */
  readonly uid?: string
  /**
   * JSON; what it holds is the authorization server's affair, but never what the client holds. `aud` of an access token is
   * the resource that it is for (RFC 8707 §2).
   */
  readonly payload: string
  /** Used, where it may be used once. */
  readonly consumedAt?: Date
  readonly expiresAt: Date
}

/** An access token with all that decides what it may do: `findTokenAccess`. */
export interface TokenAccess {
  readonly token: OAuthArtifact
  readonly grant: OAuthGrant
  readonly client: OAuthClient
  readonly membership: Membership
}
