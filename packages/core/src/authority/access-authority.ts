import type { Membership, OAuthGrant } from '../ports/access-records.js'
import type { User, Workspace } from '../ports/records.js'
import type { ApiKeyPrincipal, OAuthPrincipal } from '../rules/permission/principal.js'
import type { Action, PermissionTrace } from '../rules/permission/decide.js'
import type { CreateUserRequest, CreateWorkspaceRequest } from '../flows/access/access-requests.js'
import type { ApiKeyInfo } from '../flows/access/api-key-info.js'
import type {
  ApiKeyQuery,
  CreateApiKeyRequest,
  ExpireApiKeyRequest,
  RenameApiKeyRequest,
  RevokeApiKeyRequest,
  RotateApiKeyRequest,
} from '../flows/access/api-key-requests.js'
import { authenticate } from '../flows/access/authenticate.js'
import type {
  CreateOAuthClientRequest,
  OAuthClientQuery,
  OAuthClientRequest,
} from '../flows/access/client-requests.js'
import {
  collectGarbage,
  type CollectGarbageRequest,
  type GarbageReport,
} from '../flows/access/collect-garbage.js'
import { createUser, createWorkspace } from '../flows/access/create-access.js'
import { type CreatedApiKey, createApiKey } from '../flows/access/create-api-key.js'
import { grantAccess, type GrantableWorkspace, listGrantable } from '../flows/access/grant-access.js'
import type {
  GrantableQuery,
  GrantAccessRequest,
  GrantQuery,
  RevokeGrantRequest,
} from '../flows/access/grant-requests.js'
import {
  expireApiKey,
  listApiKeys,
  renameApiKey,
  revokeApiKey,
  rotateApiKey,
} from '../flows/access/manage-api-keys.js'
import {
  type CreatedOAuthClient,
  createOAuthClient,
  type DeletedOAuthClient,
  deleteOAuthClient,
  listOAuthClients,
  type OAuthClientInfo,
  rotateOAuthClientSecret,
} from '../flows/access/manage-clients.js'
import { type GrantInfo, listGrants, revokeGrant } from '../flows/access/manage-grants.js'
import {
  addMember,
  changeMemberRights,
  listMembers,
  type RemovedMember,
  removeMember,
} from '../flows/access/manage-members.js'
import type { MemberQuery, MemberRequest, RemoveMemberRequest } from '../flows/access/member-requests.js'
import { explain, type Identity, whoami } from '../flows/access/whoami.js'
import type { Listing } from '../steps/pages.js'
import type { Deps } from '../steps/deps.js'
import type { Caller } from '../steps/stages.js'

/** Who may ask the authority, and what: workspaces, users and members, API keys, and what OAuth 2.1 needs. */
export interface AccessAuthority {
  // Operators only.
  createWorkspace(request: CreateWorkspaceRequest, caller: Caller): Promise<Workspace>
  createUser(request: CreateUserRequest, caller: Caller): Promise<User>

  // What a user may hand on to OAuth clients, and the most that the user's keys may do. Operators only.
  addMember(request: MemberRequest, caller: Caller): Promise<Membership>
  changeMemberRights(request: MemberRequest, caller: Caller): Promise<Membership>
  /** With every API key and grant of the user in the workspace. */
  removeMember(request: RemoveMemberRequest, caller: Caller): Promise<RemovedMember>
  listMembers(query: MemberQuery, caller: Caller): Promise<Listing<Membership>>

  // API keys. Operators only.
  createApiKey(request: CreateApiKeyRequest, caller: Caller): Promise<CreatedApiKey>
  listApiKeys(query: ApiKeyQuery, caller: Caller): Promise<Listing<ApiKeyInfo>>
  renameApiKey(request: RenameApiKeyRequest, caller: Caller): Promise<ApiKeyInfo>
  /** A new secret, shown once; the one before is dead at once, or after an overlap. */
  rotateApiKey(request: RotateApiKeyRequest, caller: Caller): Promise<CreatedApiKey>
  expireApiKey(request: ExpireApiKeyRequest, caller: Caller): Promise<ApiKeyInfo>
  revokeApiKey(request: RevokeApiKeyRequest, caller: Caller): Promise<ApiKeyInfo>

  // OAuth clients. To list and delete one's own an API key is enough.
  /** A confidential one; its secret is shown once. */
  createOAuthClient(request: CreateOAuthClientRequest, caller: Caller): Promise<CreatedOAuthClient>
  listOAuthClients(query: OAuthClientQuery, caller: Caller): Promise<Listing<OAuthClientInfo>>
  rotateOAuthClientSecret(request: OAuthClientRequest, caller: Caller): Promise<CreatedOAuthClient>
  /** With its grants. */
  deleteOAuthClient(request: OAuthClientRequest, caller: Caller): Promise<DeletedOAuthClient>

  // Grants. To list and revoke one's own an API key or a token is enough.
  /** What a consent page has to offer. Operators only. */
  listGrantable(query: GrantableQuery, caller: Caller): Promise<readonly GrantableWorkspace[]>
  /** What a user has agreed to. Operators only. */
  grantAccess(request: GrantAccessRequest, caller: Caller): Promise<OAuthGrant>
  listGrants(query: GrantQuery, caller: Caller): Promise<Listing<GrantInfo>>
  revokeGrant(request: RevokeGrantRequest, caller: Caller): Promise<GrantInfo>

  /** For a timer: expired tokens, grants that have ended, clients that nobody uses. Operators only. */
  collectGarbage(request: CollectGarbageRequest, caller: Caller): Promise<GarbageReport>

  /** The principal of an API key or of an OAuth access token. @throws {PkiError} `invalid_credentials` */
  authenticate(credential: string): Promise<ApiKeyPrincipal | OAuthPrincipal>
  whoami(caller: Caller): Promise<Identity>
  /** Which rule and which grant decide whether the caller may do this. */
  explain(asked: { readonly action: Action; readonly caId: string }, caller: Caller): Promise<PermissionTrace>
}

export const accessAuthorityOver = (deps: Deps): AccessAuthority => ({
  createWorkspace: (request, caller) => createWorkspace(request, caller, deps),
  createUser: (request, caller) => createUser(request, caller, deps),

  addMember: (request, caller) => addMember(request, caller, deps),
  changeMemberRights: (request, caller) => changeMemberRights(request, caller, deps),
  removeMember: (request, caller) => removeMember(request, caller, deps),
  listMembers: (query, caller) => listMembers(query, caller, deps),

  createApiKey: (request, caller) => createApiKey(request, caller, deps),
  listApiKeys: (query, caller) => listApiKeys(query, caller, deps),
  renameApiKey: (request, caller) => renameApiKey(request, caller, deps),
  rotateApiKey: (request, caller) => rotateApiKey(request, caller, deps),
  expireApiKey: (request, caller) => expireApiKey(request, caller, deps),
  revokeApiKey: (request, caller) => revokeApiKey(request, caller, deps),

  createOAuthClient: (request, caller) => createOAuthClient(request, caller, deps),
  listOAuthClients: (query, caller) => listOAuthClients(query, caller, deps),
  rotateOAuthClientSecret: (request, caller) => rotateOAuthClientSecret(request, caller, deps),
  deleteOAuthClient: (request, caller) => deleteOAuthClient(request, caller, deps),

  listGrantable: (query, caller) => listGrantable(query, caller, deps),
  grantAccess: (request, caller) => grantAccess(request, caller, deps),
  listGrants: (query, caller) => listGrants(query, caller, deps),
  revokeGrant: (request, caller) => revokeGrant(request, caller, deps),

  collectGarbage: (request, caller) => collectGarbage(request, caller, deps),

  authenticate: (credential) => authenticate(credential, deps),
  whoami: (caller) => whoami(caller, deps),
  explain: (asked, caller) => explain(asked, caller, deps),
})
