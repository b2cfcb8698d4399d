import type { CrlRecord, CrlSummary } from '../ports/records.js'
import type { Deps } from '../steps/deps.js'
import { isTaken, type Lease, takeLease } from '../steps/recording/lease.js'

/**
 * Where the list is served from elsewhere, bring it there. What fails is reported, not thrown: the list is recorded, and
 * the next look at what is due tries again.
 */
export async function handOutCrl(crl: CrlRecord, deps: Deps): Promise<void> {
  const { crlPublisher, onBackgroundFailure } = deps.settings
  if (crlPublisher === undefined) return
  try {
    await crlPublisher.publish(crl)
    await takeLease(handedOut(crl), async () => undefined, deps)
  } catch (error) {
    onBackgroundFailure?.({ task: 'crl', caId: crl.caId, error })
  }
}

/** Whether some process has brought the list to where it is served from. */
export const isHandedOut = (list: CrlSummary, deps: Deps): Promise<boolean> => isTaken(handedOut(list), deps)

/** Never given back: it says that this is done, and is forgotten when the list is. */
const handedOut = ({ caId, scope, number, nextUpdate }: CrlSummary): Lease => ({
  job: `crl handed out ${caId} ${scope} ${number}`,
  liveUntil: nextUpdate,
})
