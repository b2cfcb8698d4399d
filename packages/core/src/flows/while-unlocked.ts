import type { Principal } from '../rules/permission/principal.js'
import { type BackgroundFailure, currentTime, type Deps } from '../steps/deps.js'
import { signingCa } from '../steps/issuer/find-issuer.js'
import { actorOf } from '../steps/recording/append-events.js'
import type { UnlockedCa } from '../steps/stages.js'
import { listNeed } from '../steps/lists/list-need.js'
import { listsInService } from '../steps/lists/lists-in-service.js'
import { issueOcspResponder, responderIsDue } from './ocsp-responder.js'
import { publishCrl } from './publish-crl.js'

/** A list of a locked CA is renewed when this part of its life is over, whenever somebody gives the passphrase. */
const crlRenewalShare = 0.1

/**
 * What a CA with a passphrase does while somebody has unlocked it, because nobody may for weeks: renew its OCSP
 * responder when that is due, and publish its lists when they are old or lack a revocation.
 *
 * Never rejects: the operation that unlocked the CA is done and recorded, and is not to look failed because of this; in
 * managed mode the caller would lose the private key. What was not renewed stays in service, the next operation tries
 * again, and the host is told (`onBackgroundFailure`).
 */
export async function whileUnlocked(issuer: UnlockedCa, principal: Principal, deps: Deps): Promise<void> {
  if (!issuer.ca.hasPassphrase) return
  // Each on its own: a responder that cannot be certified must not keep revocations off the list.
  await attempt(() => renewResponder(issuer, principal, deps), 'ocsp responder', issuer, deps)
  await attempt(() => renewLists(issuer, principal, deps), 'crl', issuer, deps)
}

async function attempt(
  renew: () => Promise<void>,
  task: Exclude<BackgroundFailure['task'], 'key use'>,
  issuer: UnlockedCa,
  deps: Deps,
): Promise<void> {
  try {
    await renew()
  } catch (error) {
    deps.settings.onBackgroundFailure?.({ task, caId: issuer.ca.id, error })
  }
}

async function renewResponder(issuer: UnlockedCa, principal: Principal, deps: Deps): Promise<void> {
  const ca = (await deps.storage.findCa(issuer.ca.id)) ?? issuer.ca
  if (responderIsDue(ca, currentTime(deps)))
    await issueOcspResponder(await signingCa(issuer, deps), principal, deps)
}

async function renewLists(issuer: UnlockedCa, principal: Principal, deps: Deps): Promise<void> {
  const { ca, identity } = issuer
  for (const scope of listsInService(deps.settings)) {
    const maximumAge = deps.settings.crlSchedule(ca).validity * crlRenewalShare
    const { isMet, missing } = await listNeed(ca, scope, deps, maximumAge)
    // A hold that ended is an entry too; a debounce would leave it to the next passphrase.
    if (isMet && missing === 0) continue
    await publishCrl({ ca, scope, identity, actor: actorOf(principal) }, deps)
  }
}
