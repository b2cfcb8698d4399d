import type { Membership } from '../../ports/access-records.js'
import type { Rights } from '../../ports/records.js'

/** What was granted, as far as the member may do it: never more than either, and no CA without a right. */
export function narrowRights(
  granted: ReadonlyMap<string, Rights>,
  member: Membership['rights'],
): ReadonlyMap<string, Rights> {
  if (member === 'all') return granted
  const narrowed = new Map<string, Rights>()
  for (const [caId, rights] of granted) {
    const own = member.get(caId)
    if (own === undefined) continue
    const both = intersection(rights, own)
    if (hasAnyRight(both)) narrowed.set(caId, both)
  }
  return narrowed
}

/** The first CA on which the member may not do all that is to be granted. */
export function firstBeyond(
  granted: ReadonlyMap<string, Rights>,
  member: Membership['rights'],
): string | undefined {
  if (member === 'all') return undefined
  return [...granted].find(([caId, rights]) => {
    const own = member.get(caId)
    return own === undefined || !includes(own, rights)
  })?.[0]
}

export const hasAnyRight = ({ canRead, canIssue, canRevoke }: Rights): boolean =>
  canRead || canIssue || canRevoke

const intersection = (a: Rights, b: Rights): Rights => ({
  canRead: a.canRead && b.canRead,
  canIssue: a.canIssue && b.canIssue,
  canRevoke: a.canRevoke && b.canRevoke,
})

const includes = (all: Rights, some: Rights): boolean =>
  (all.canRead || !some.canRead) && (all.canIssue || !some.canIssue) && (all.canRevoke || !some.canRevoke)
