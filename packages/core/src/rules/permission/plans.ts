import type { Plan, Rights } from '../../ports/records.js'

export const allRights: Rights = Object.freeze({ canRead: true, canIssue: true, canRevoke: true })

/** What a plan lets a workspace say about an API key. */
interface PlanRules {
  /** Rights are chosen one by one; otherwise a key has all three on each of its CAs. */
  readonly choosesRights: boolean
}

const plans: Record<Plan, PlanRules> = {
  free: { choosesRights: false },
  pro: { choosesRights: true },
}

export type GrantsVerdict =
  | { readonly ok: true; readonly grants: ReadonlyMap<string, Rights> }
  | { readonly ok: false; readonly fault: 'no_ca' | 'no_right' | 'plan' }

/**
 * The grants of a new API key.
 *
 * @param wish `caIds`: all three rights on each; `grants`: chosen rights by CA id, which the plan must allow
 */
export function grantsFor(
  plan: Plan,
  wish: { readonly caIds?: readonly string[]; readonly grants?: ReadonlyMap<string, Rights> },
): GrantsVerdict {
  const grants = new Map<string, Rights>()
  for (const caId of wish.caIds ?? []) grants.set(caId, allRights)
  for (const [caId, rights] of wish.grants ?? []) {
    if (!rights.canRead && !rights.canIssue && !rights.canRevoke) return { ok: false, fault: 'no_right' }
    const isFull = rights.canRead && rights.canIssue && rights.canRevoke
    if (!isFull && !plans[plan].choosesRights) return { ok: false, fault: 'plan' }
    grants.set(caId, rights)
  }
  return grants.size === 0 ? { ok: false, fault: 'no_ca' } : { ok: true, grants }
}
