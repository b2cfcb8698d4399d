import { PkiError } from '../../errors/pki-error.js'
import type { CaRecord, CrlRecord } from '../../ports/records.js'
import { formatListScope, type ListScope } from '../../rules/revocation/list-scope.js'
import { requireOperator } from '../../steps/access/check-permission.js'
import { currentTime, type Deps } from '../../steps/deps.js'
import { signingIdentity } from '../../steps/issuer/find-issuer.js'
import { actorOf, appendEvents } from '../../steps/recording/append-events.js'
import { takeLease, underLease } from '../../steps/recording/lease.js'
import type { Caller } from '../../steps/stages.js'
import { type ListNeed, listNeed } from '../../steps/lists/list-need.js'
import { listsInService } from '../../steps/lists/lists-in-service.js'
import { publishCrl } from '../publish-crl.js'
import { handOutAgain } from './hand-out-again.js'

/** A list of a million entries takes a few seconds; who has not come back by then is dead. */
const leaseSeconds = 120

/** A list, and where it belongs. */
export type PublishedList = Pick<CrlRecord, 'caId' | 'scope' | 'number' | 'nextUpdate'>

export interface DueReport {
  readonly published: readonly PublishedList[]
  /** Lists that are due and whose CA is locked: the old one is served until its nextUpdate. */
  readonly locked: readonly { readonly caId: string; readonly scope: string; readonly nextUpdate?: Date }[]
}

/**
 * Publish every list that is due: the job of a timer, in as many processes as there are. Each list is made by one of them.
 * What cannot be published does not keep the others back: the host is told (`onBackgroundFailure`), and for a CA that is
 * locked there is an event, `crl.overdue`, once for each list that should be replaced. CAs that have expired are left out.
 * A list that is recorded and did not get to where it is served from (`crl.publisher`) is brought there.
 *
 * @throws {PkiError} `permission_denied`: operators only
 */
export async function publishDueCrls(caller: Caller, deps: Deps): Promise<DueReport> {
  const actor = actorOf(requireOperator(caller, 'publish CRLs'))
  const published: PublishedList[] = []
  const locked: DueReport['locked'][number][] = []
  const now = currentTime(deps)
  for (const ca of await deps.storage.listCas({ includeRevoked: true })) {
    if (ca.notAfter < now) continue
    for (const scope of listsInService(deps.settings)) {
      const need = await listNeed(ca, scope, deps)
      if (need.latest !== undefined && (need.isMet || ca.hasPassphrase)) {
        const { latest } = need
        await attempt(() => handOutAgain(latest, deps), ca, deps)
      }
      if (need.isMet) continue
      if (ca.hasPassphrase) {
        await alarm({ ca, scope, need }, caller, deps)
        const nextUpdate = need.latest?.nextUpdate
        locked.push({ caId: ca.id, scope: formatListScope(scope), ...(nextUpdate && { nextUpdate }) })
        continue
      }
      const made = await attempt(() => publishOne({ ca, scope, actor }, deps), ca, deps)
      if (made === undefined) continue
      published.push({ caId: made.caId, scope: made.scope, number: made.number, nextUpdate: made.nextUpdate })
    }
  }
  return { published, locked }
}

async function attempt<T>(work: () => Promise<T>, ca: CaRecord, deps: Deps): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    deps.settings.onBackgroundFailure?.({ task: 'crl', caId: ca.id, error })
    return undefined
  }
}

interface Due {
  readonly ca: CaRecord
  readonly scope: ListScope
}

async function publishOne(
  { ca, scope, actor }: Due & { readonly actor: Parameters<typeof publishCrl>[0]['actor'] },
  deps: Deps,
): Promise<CrlRecord | undefined> {
  const { spkiDer } = deps.certificates.parse(ca.id, ca.certificateDer)
  const identity = signingIdentity(ca, spkiDer, undefined)
  const liveUntil = new Date(currentTime(deps).getTime() + leaseSeconds * 1000)
  const publish = async (): Promise<CrlRecord | undefined> => {
    // Somebody may have made it between our look and our lease.
    const { isMet } = await listNeed(ca, scope, deps)
    return isMet ? undefined : publishCrl({ ca, scope, identity, actor }, deps)
  }
  return underLease({ job: `crl ${ca.id} ${formatListScope(scope)}`, liveUntil }, publish, deps)
}

/** Once for each list, whoever looks and however often: the lease is never given back. */
async function alarm(
  { ca, scope, need }: Due & { readonly need: ListNeed },
  { principal }: Caller,
  deps: Deps,
): Promise<void> {
  const at = currentTime(deps)
  const number = need.latest?.number ?? 0
  const details = { scope: formatListScope(scope), number, missing: need.missing }
  const overdue = {
    type: 'crl.overdue',
    at,
    actor: actorOf(principal),
    workspaceId: ca.workspaceId,
    subjectId: ca.id,
    details,
  } as const
  const lease = { job: `crl overdue ${ca.id} ${details.scope} ${number}`, liveUntil: ca.notAfter }
  const isFirst = await takeLease(lease, (tx) => appendEvents(tx, [overdue], deps), deps)
  if (isFirst === undefined) return
  const state = `CA "${ca.name}" is locked; use its passphrase once, or publish with it`
  const error = new PkiError('passphrase_required', `Cannot publish CRL: ${state}`, { keyId: ca.keyId })
  deps.settings.onBackgroundFailure?.({ task: 'crl', caId: ca.id, error })
}
