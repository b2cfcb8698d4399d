import { PkiError } from '../../errors/pki-error.js'
import type { ApiKey, Rights, User, Workspace } from '../../ports/records.js'
import { grantsFor } from '../../rules/permission/plans.js'
import { requireOperator } from '../../steps/access/check-permission.js'
import { caNotFound } from '../../steps/access/check-permission.js'
import { requireWorkspace } from '../../steps/access/require-workspace.js'
import { currentTime, type Deps, newId } from '../../steps/deps.js'
import { recordApiKey, recordUser, recordWorkspace } from '../../steps/recording/record-access.js'
import type { Caller } from '../../steps/stages.js'
import { toWholeSeconds } from '../../asn1/time.js'
import {
  type CreateApiKeyRequest,
  parseCreateApiKey,
  parseCreateUser,
  parseCreateWorkspace,
} from './access-requests.js'
import { apiKeyPrefix, newApiKeySecret, secretHashOf } from './secrets.js'

/** An API key, as callers see it: without its hashes. */
export type ApiKeyInfo = Omit<ApiKey, 'secretHash' | 'previousSecret'>

export interface CreatedApiKey {
  readonly apiKey: ApiKeyInfo
  /** `cm_…`: shown this once, and kept nowhere. */
  readonly secret: string
}

/** @throws {PkiError} `invalid_request` | `permission_denied` | `storage_conflict` / `workspace_slug` */
export async function createWorkspace(input: unknown, caller: Caller, deps: Deps): Promise<Workspace> {
  const { name, slug = slugOf(name), plan = 'free' } = parseCreateWorkspace(input)
  const principal = requireOperator(caller, 'create workspace')
  const workspace: Workspace = { id: newId(deps), name, slug, plan, createdAt: currentTime(deps) }
  await recordWorkspace(workspace, principal, deps)
  return workspace
}

function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/^-|-$/g, '')
  return slug === '' ? 'workspace' : slug
}

/** @throws {PkiError} `invalid_request` | `permission_denied` | `storage_conflict` / `user_email` */
export async function createUser(input: unknown, caller: Caller, deps: Deps): Promise<User> {
  const { email } = parseCreateUser(input)
  const principal = requireOperator(caller, 'create user')
  const user: User = { id: newId(deps), email, createdAt: currentTime(deps) }
  await recordUser(user, principal, deps)
  return user
}

/**
 * @throws {PkiError} `invalid_request`: no CA, or a CA without a right | `plan_refused`: the plan gives all three rights
 *   or none | `ca_not_found`: not in this workspace | `workspace_not_found` | `user_not_found` | `permission_denied`
 */
export async function createApiKey(input: unknown, caller: Caller, deps: Deps): Promise<CreatedApiKey> {
  const request = parseCreateApiKey(input)
  const principal = requireOperator(caller, 'create API key')
  const workspace = await requireWorkspace(request.workspaceId, deps)
  const user = await deps.storage.findUser(request.userId)
  if (user === undefined) {
    const { userId } = request
    throw new PkiError('user_not_found', `Cannot create API key: there is no user with id ${userId}`, {
      userId,
    })
  }
  const grants = grantsOf(request, workspace)
  await requireCas([...grants.keys()], workspace, deps)
  const secret = newApiKeySecret(deps.random)
  const apiKey: ApiKeyInfo = {
    id: newId(deps),
    workspaceId: workspace.id,
    userId: user.id,
    name: request.name,
    prefix: apiKeyPrefix(secret),
    grants,
    createdAt: currentTime(deps),
    ...(request.expiresAt !== undefined && { expiresAt: toWholeSeconds(request.expiresAt) }),
  }
  await recordApiKey({ ...apiKey, secretHash: secretHashOf(secret) }, principal, deps)
  return { apiKey, secret }
}

function grantsOf(request: CreateApiKeyRequest, workspace: Workspace): ReadonlyMap<string, Rights> {
  const verdict = grantsFor(workspace.plan, {
    ...(request.caIds && { caIds: request.caIds }),
    ...(request.grants && { grants: new Map(Object.entries(request.grants)) }),
  })
  if (verdict.ok) return verdict.grants
  if (verdict.fault === 'plan') {
    const state = `the ${workspace.plan} plan gives a key all three rights on each of its CAs; use "caIds"`
    throw new PkiError('plan_refused', `Cannot create API key: ${state}`, { plan: workspace.plan })
  }
  const message =
    verdict.fault === 'no_ca' ? 'a key needs at least one CA' : 'a grant needs at least one right'
  const path = verdict.fault === 'no_ca' ? 'caIds' : 'grants'
  throw new PkiError('invalid_request', `Cannot create API key: ${message}`, { issues: [{ path, message }] })
}

async function requireCas(caIds: readonly string[], workspace: Workspace, deps: Deps): Promise<void> {
  const known = new Set((await deps.storage.listCas({ workspaceId: workspace.id, caIds })).map((ca) => ca.id))
  const missing = caIds.find((caId) => !known.has(caId))
  if (missing !== undefined) throw caNotFound(missing)
}
