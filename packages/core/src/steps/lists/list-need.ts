import type { CaRecord, CrlSummary } from '../../ports/records.js'
import { formatListScope, type ListScope } from '../../rules/revocation/list-scope.js'
import { isOlderThan } from '../../rules/revocation/list-state.js'
import { currentTime, type Deps } from '../deps.js'
import { missingEntries } from './missing-entries.js'

/** A delta CRL is made anew when this part of its life is over, so that caches never serve an expired one. */
const deltaRenewalShare = 0.5

/** Whether the list in service will do. */
export interface ListNeed {
  readonly latest?: CrlSummary
  /** Entries of the status log now. */
  readonly revocationCount: number
  /** As `missingEntries` says. */
  readonly missing: number
  readonly isMet: boolean
}

/**
 * A list is needed where there is none, where it grows old, and where it lacks a revocation; but the complete list leaves
 * revocations to its delta CRLs where there are such, and a delta CRL is of the complete list in service.
 *
 * @param maximumAge in seconds, from thisUpdate
 */
export async function listNeed(
  ca: CaRecord,
  scope: ListScope,
  deps: Deps,
  maximumAge = intervalOf(ca, scope, deps),
): Promise<ListNeed> {
  const found = await deps.storage.crlState(ca.id, formatListScope(scope))
  const { latest } = found
  const state = { ...found, missing: await missingEntries(ca.id, scope, found, deps) }
  if (latest === undefined || isOlderThan(latest, maximumAge, currentTime(deps)))
    return { ...state, isMet: false }
  if (scope.kind === 'complete' && deps.settings.crlDeltaValiditySeconds !== undefined)
    return { ...state, isMet: true }
  if (scope.kind === 'delta' && latest.baseNumber !== (await completeNumber(ca.id, deps)))
    return { ...state, isMet: false }
  return { ...state, isMet: state.missing === 0 || isTooSoon(latest, deps) }
}

function intervalOf(ca: CaRecord, { kind }: ListScope, { settings }: Deps): number {
  if (kind !== 'delta') return settings.crlSchedule(ca).interval
  return (settings.crlDeltaValiditySeconds ?? 0) * deltaRenewalShare
}

async function completeNumber(caId: string, deps: Deps): Promise<number | undefined> {
  const complete = await deps.storage.crlState(caId, formatListScope({ kind: 'complete' }))
  return complete.latest?.number
}

/** A crowd of revocations makes one list, not a crowd of lists. */
const isTooSoon = ({ thisUpdate }: CrlSummary, deps: Deps): boolean => {
  const age = currentTime(deps).getTime() - thisUpdate.getTime()
  return age >= 0 && age < deps.settings.crlDebounceSeconds * 1000
}
