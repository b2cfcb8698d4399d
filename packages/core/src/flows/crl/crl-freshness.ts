import type { CrlSummary } from '../../ports/records.js'
import { formatListScope } from '../../rules/revocation/list-scope.js'
import { requireOperator } from '../../steps/access/check-permission.js'
import { currentTime, type Deps } from '../../steps/deps.js'
import type { Caller } from '../../steps/stages.js'
import { listsInService } from '../../steps/lists/lists-in-service.js'
import { missingEntries } from '../../steps/lists/missing-entries.js'

/** How far a list is behind. */
export interface CrlFreshness {
  readonly caId: string
  readonly scope: string
  /** Absent: it was never published. */
  readonly list?: Pick<CrlSummary, 'number' | 'thisUpdate' | 'nextUpdate'>
  /** Entries of the status log that came after it; 0 where they all belong to other partitions. */
  readonly missing: number
  /** From thisUpdate to now; absent with `list`. */
  readonly ageSeconds?: number
}

/**
 * The freshness of every list in service, for metrics. CAs that have expired are left out.
 *
 * @throws {PkiError} `permission_denied`: operators only
 */
export async function crlFreshness(caller: Caller, deps: Deps): Promise<readonly CrlFreshness[]> {
  requireOperator(caller, 'tell the freshness of CRLs')
  const now = currentTime(deps)
  const cas = (await deps.storage.listCas({ includeRevoked: true })).filter((ca) => ca.notAfter >= now)
  const lists = cas.flatMap(({ id }) => listsInService(deps.settings).map((scope) => ({ caId: id, scope })))
  const freshness: CrlFreshness[] = []
  for (const { caId, scope } of lists) {
    const name = formatListScope(scope)
    const state = await deps.storage.crlState(caId, name)
    const missing = await missingEntries(caId, scope, state, deps)
    freshness.push({ caId, scope: name, missing, ...ageOf(state.latest, now) })
  }
  return freshness
}

function ageOf(latest: CrlSummary | undefined, now: Date): Pick<CrlFreshness, 'list' | 'ageSeconds'> {
  if (latest === undefined) return {}
  const { number, thisUpdate, nextUpdate } = latest
  const ageSeconds = Math.max(0, (now.getTime() - thisUpdate.getTime()) / 1000)
  return { list: { number, thisUpdate, nextUpdate }, ageSeconds }
}
