import { PkiError } from '../../errors/pki-error.js'
import type { Rights, User, Workspace } from '../../ports/records.js'
import { type Action, decide, isAction, type PermissionTrace } from '../../rules/permission/decide.js'
import { requirePrincipal } from '../../steps/access/check-permission.js'
import { requireWorkspace } from '../../steps/access/require-workspace.js'
import type { Deps } from '../../steps/deps.js'
import type { Caller } from '../../steps/stages.js'

/** Whom a credential stands for. */
export type Identity = ApiKeyIdentity | OAuthIdentity

export interface ApiKeyIdentity extends Member {
  readonly apiKey: { readonly id: string; readonly name: string; readonly prefix: string }
}

export interface OAuthIdentity extends Member {
  readonly oauthClient: { readonly id: string; readonly name: string }
}

interface Member {
  readonly user: Pick<User, 'id' | 'email'>
  readonly workspace: Pick<Workspace, 'id' | 'name' | 'slug'>
  /** By CA id, without revoked CAs; never more than the user may do now. */
  readonly permissions: Readonly<Record<string, Rights>>
}

/** @throws {PkiError} `permission_denied`: an operator is no user of a workspace */
export async function whoami(caller: Caller, deps: Deps): Promise<Identity> {
  const principal = requirePrincipal(caller)
  if (principal.kind === 'operator') {
    throw new PkiError('permission_denied', 'Cannot tell who this is: the operator is no user', {
      action: 'whoami',
    })
  }
  const { userId, workspaceId, grants } = principal
  const [workspace, user, cas] = await Promise.all([
    requireWorkspace(workspaceId, deps),
    deps.storage.findUser(userId),
    deps.storage.listCas({ workspaceId, caIds: [...grants.keys()] }),
  ])
  if (user === undefined) {
    throw new PkiError('user_not_found', `Cannot tell who this is: there is no user with id ${userId}`, {
      userId,
    })
  }
  const member: Member = {
    user: { id: user.id, email: user.email },
    workspace: { id: workspace.id, name: workspace.name, slug: workspace.slug },
    permissions: Object.fromEntries([...grants].filter(([caId]) => cas.some(({ id }) => id === caId))),
  }
  if (principal.kind === 'oauth') {
    return { ...member, oauthClient: { id: principal.clientId, name: principal.clientName } }
  }
  const { id, name, prefix } = principal
  return { ...member, apiKey: { id, name, prefix } }
}

/**
 * Which rule decides whether the caller may do this, and what it says. A CA that does not exist is traced as one on which
 * there is no grant: the trace tells no more than the refusal.
 */
export async function explain(
  asked: { readonly action: Action; readonly caId: string },
  caller: Caller,
  deps: Deps,
): Promise<PermissionTrace> {
  const principal = requirePrincipal(caller)
  if (!isAction(asked.action)) throw new TypeError('explain: expected the action read, issue or revoke')
  const ca = await deps.storage.findCa(asked.caId)
  if (ca !== undefined) {
    const trace = decide(principal, asked.action, ca)
    if (trace.visible || principal.kind === 'operator') return trace
  }
  return {
    action: asked.action,
    caId: asked.caId,
    principal: { kind: principal.kind, id: principal.id },
    allowed: false,
    visible: false,
    rule: ca === undefined && principal.kind === 'operator' ? 'no_ca' : 'no_grant',
  }
}
