import type { CrlSummary } from '../../ports/records.js'
import { formatListScope, type ListScope, partitionOf } from '../../rules/revocation/list-scope.js'
import type { Deps } from '../deps.js'
import type { SerialNumber } from '../../x509/serial-number.js'

/** What relying parties that go by CRLs have heard of a change of status. */
export interface ListNews {
  /** The list where the change is, or will be: see `Authority.crl`. */
  readonly scope: string
  /** The list in service; absent: none was published. */
  readonly list?: Pick<CrlSummary, 'number' | 'thisUpdate' | 'nextUpdate'>
  /** Whether that list has the change. If not, who has the list may go by it until its nextUpdate. */
  readonly isPublished: boolean
}

/** As of now, for the serial number whose status has just changed. */
export async function listNews(
  { caId, serialNumber }: { readonly caId: string; readonly serialNumber: SerialNumber },
  deps: Deps,
): Promise<ListNews> {
  const scope = formatListScope(scopeOf(serialNumber, deps))
  const { latest, revocationCount } = await deps.storage.crlState(caId, scope)
  if (latest === undefined) return { scope, isPublished: false }
  const { number, thisUpdate, nextUpdate } = latest
  const isPublished = latest.revocationCount >= revocationCount
  return { scope, list: { number, thisUpdate, nextUpdate }, isPublished }
}

function scopeOf(serialNumber: SerialNumber, { settings }: Deps): ListScope {
  if (settings.crlPartitions !== undefined) return partitionOf(serialNumber, settings.crlPartitions)
  return { kind: settings.crlDeltaValiditySeconds === undefined ? 'complete' : 'delta' }
}
