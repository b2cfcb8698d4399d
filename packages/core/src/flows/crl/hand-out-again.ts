import type { CrlSummary } from '../../ports/records.js'
import { currentTime, type Deps } from '../../steps/deps.js'
import { underLease } from '../../steps/recording/lease.js'
import { handOutCrl, isHandedOut } from '../hand-out-crl.js'

/** Of a list of a million entries over a slow line; who has not come back by then is dead. */
const leaseSeconds = 600

/**
 * Bring the list in service to where it is served from, if nobody has: the process died between the record and the copy,
 * the storage there was away, or the host has only now said that there is such a place. One process of many does it.
 */
export async function handOutAgain(latest: CrlSummary, deps: Deps): Promise<void> {
  if (deps.settings.crlPublisher === undefined || (await isHandedOut(latest, deps))) return
  const liveUntil = new Date(currentTime(deps).getTime() + leaseSeconds * 1000)
  const copy = async (): Promise<void> => {
    // Somebody may have done it, or have made a newer list, between our look and our lease.
    const crl = await deps.storage.findLatestCrl(latest.caId, latest.scope)
    if (crl !== undefined && !(await isHandedOut(crl, deps))) await handOutCrl(crl, deps)
  }
  await underLease({ job: `crl hand out ${latest.caId} ${latest.scope}`, liveUntil }, copy, deps)
}
