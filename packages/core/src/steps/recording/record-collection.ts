import type { Deps } from '../deps.js'
import { transact } from './transact.js'

/** What was thrown away. */
export interface Garbage {
  readonly artifacts: number
  readonly grants: number
  readonly clients: number
}

/** One batch. No event: nothing changes that anybody could use. */
export const recordCollection = (
  bounds: {
    readonly expiredBy: Date
    readonly endedBy: Date
    readonly unusedSince: Date
    readonly limit: number
  },
  deps: Deps,
): Promise<Garbage> =>
  transact(deps.storage, async (tx) => ({
    artifacts: await tx.deleteExpiredOAuthArtifacts(bounds.expiredBy, bounds.limit),
    grants: await tx.deleteEndedOAuthGrants(bounds.endedBy, bounds.limit),
    clients: await tx.deleteUnusedOAuthClients(bounds.unusedSince, bounds.limit),
  }))
