import { toWholeSeconds } from '../../asn1/time.js'
import { PkiError } from '../../errors/pki-error.js'
import type { Rights, Workspace } from '../../ports/records.js'
import { firstBeyond } from '../../rules/permission/narrow-rights.js'
import { grantsFor } from '../../rules/permission/plans.js'
import { requireOperator } from '../../steps/access/check-permission.js'
import { requireLiveCas } from '../../steps/access/require-live-cas.js'
import { requireUser } from '../../steps/access/require-user.js'
import { requireWorkspace } from '../../steps/access/require-workspace.js'
import { currentTime, type Deps, newId } from '../../steps/deps.js'
import { recordApiKey } from '../../steps/recording/record-api-key.js'
import type { Caller } from '../../steps/stages.js'
import { type ApiKeyInfo, apiKeyInfo } from './api-key-info.js'
import { type CreateApiKeyRequest, parseCreateApiKey } from './api-key-requests.js'
import { apiKeyPrefix, newApiKeySecret, secretHashOf } from './secrets.js'

export interface CreatedApiKey {
  readonly apiKey: ApiKeyInfo
  /** `cm_…`: shown this once, and kept nowhere. */
  readonly secret: string
}

/**
 * @throws {PkiError} `invalid_request`: no CA, or a CA without a right | `plan_refused`: the plan gives all three rights
 *   or none | `ca_not_found`: not in this workspace, or revoked | `workspace_not_found` | `user_not_found` |
 *   `permission_denied`: not the operator, or more than the user may do as a member
 */
export async function createApiKey(input: unknown, caller: Caller, deps: Deps): Promise<CreatedApiKey> {
  const request = parseCreateApiKey(input)
  const principal = requireOperator(caller, 'create API key')
  const workspace = await requireWorkspace(request.workspaceId, deps)
  const user = await requireUser(request.userId, deps)
  const grants = grantsOf(request, workspace)
  await requireLiveCas(grants.keys(), workspace.id, deps)
  await requireWithinMembership(grants, request, deps)
  const secret = newApiKeySecret(deps.random)
  const apiKey = {
    id: newId(deps),
    workspaceId: workspace.id,
    userId: user.id,
    name: request.name,
    prefix: apiKeyPrefix(secret),
    secretHash: secretHashOf(secret),
    grants,
    createdAt: currentTime(deps),
    ...(request.expiresAt !== undefined && { expiresAt: toWholeSeconds(request.expiresAt) }),
  }
  await recordApiKey(apiKey, principal, deps)
  return { apiKey: apiKeyInfo(apiKey), secret }
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

/** A key that says more than its user may do would do less than it says. */
async function requireWithinMembership(
  grants: ReadonlyMap<string, Rights>,
  { workspaceId, userId }: CreateApiKeyRequest,
  deps: Deps,
): Promise<void> {
  const membership = await deps.storage.findMembership(workspaceId, userId)
  const caId = membership && firstBeyond(grants, membership.rights)
  if (caId === undefined) return
  const state = `the user may not do all of it on CA ${caId}; change the member's rights, or ask for less`
  throw new PkiError('permission_denied', `Cannot create API key: ${state}`, {
    action: 'create API key',
    caId,
  })
}
