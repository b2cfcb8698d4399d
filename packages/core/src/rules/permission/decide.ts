import type { Rights } from '../../ports/records.js'
import type { Principal } from './principal.js'

/** What can be done on a CA. */
export type Action = 'read' | 'issue' | 'revoke'

/** Which rule decided, and what it saw. */
export interface PermissionTrace {
  readonly allowed: boolean
  /** Whether the CA exists for this principal at all. What is not visible is answered as if it did not exist. */
  readonly visible: boolean
  readonly action: Action
  readonly caId: string
  readonly principal: { readonly kind: Principal['kind']; readonly id: string }
  readonly rule: 'operator' | 'grant' | 'grant_lacks_right' | 'other_workspace' | 'no_grant' | 'no_ca'
  /** The grant that was looked at, where there is one. */
  readonly rights?: Rights
}

const rightOf: Record<Action, keyof Rights> = { read: 'canRead', issue: 'canIssue', revoke: 'canRevoke' }

export const isAction = (value: unknown): value is Action =>
  typeof value === 'string' && Object.hasOwn(rightOf, value)

/** May `principal` do `action` on this CA? A right on a CA says nothing of its parent or its children. */
export function decide(
  principal: Principal,
  action: Action,
  ca: { readonly id: string; readonly workspaceId: string },
): PermissionTrace {
  const asked = { action, caId: ca.id, principal: { kind: principal.kind, id: principal.id } }
  if (principal.kind === 'operator') return { allowed: true, ...asked, visible: true, rule: 'operator' }
  if (principal.workspaceId !== ca.workspaceId) {
    return { allowed: false, ...asked, visible: false, rule: 'other_workspace' }
  }
  const rights = principal.grants.get(ca.id)
  if (rights === undefined || !(rights.canRead || rights.canIssue || rights.canRevoke)) {
    return { allowed: false, ...asked, visible: false, rule: 'no_grant' }
  }
  const allowed = rights[rightOf[action]]
  return { allowed, ...asked, visible: true, rule: allowed ? 'grant' : 'grant_lacks_right', rights }
}

/** The CAs that `principal` may read: absent = all of them. */
export function readableCaIds(principal: Principal): readonly string[] | undefined {
  if (principal.kind === 'operator') return undefined
  return [...principal.grants].filter(([, rights]) => rights.canRead).map(([caId]) => caId)
}
