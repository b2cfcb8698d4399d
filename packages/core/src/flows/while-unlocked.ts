import type { Principal } from '../rules/permission/principal.js'
import { type BackgroundFailure, currentTime, type Deps } from '../steps/deps.js'
import { actorOf } from '../steps/recording/append-events.js'
import type { Issuer } from '../steps/stages.js'
import { publishCrl } from './publish-crl.js'
import { issueOcspResponder, responderIsDue } from './ocsp-responder.js'

/** A list of a locked CA is renewed when this part of its life is over, whenever somebody gives the passphrase. */
const crlRenewalShare = 0.1

/**
 * What a CA with a passphrase does while somebody has unlocked it, because nobody may for weeks: renew its OCSP
 * responder when that is due, and publish its CRL when that is old or lacks a revocation.
 *
 * Never rejects: the operation that unlocked the CA is done and recorded, and is not to look failed because of this; in
 * managed mode the caller would lose the private key. What was not renewed stays in service, the next operation tries
 * again, and the host is told (`onBackgroundFailure`).
 */
export async function whileUnlocked(issuer: Issuer, principal: Principal, deps: Deps): Promise<void> {
  if (!issuer.ca.hasPassphrase) return
  // Each on its own: a responder that cannot be certified must not keep revocations off the list.
  await attempt(() => renewResponder(issuer, principal, deps), 'ocsp responder', issuer, deps)
  await attempt(() => renewCrl(issuer, principal, deps), 'crl', issuer, deps)
}

async function attempt(
  renew: () => Promise<void>,
  task: BackgroundFailure['task'],
  issuer: Issuer,
  deps: Deps,
): Promise<void> {
  try {
    await renew()
  } catch (error) {
    deps.settings.onBackgroundFailure?.({ task, caId: issuer.ca.id, error })
  }
}

async function renewResponder(issuer: Issuer, principal: Principal, deps: Deps): Promise<void> {
  const ca = (await deps.storage.findCa(issuer.ca.id)) ?? issuer.ca
  if (responderIsDue(ca, currentTime(deps))) await issueOcspResponder(issuer, principal, deps)
}

async function renewCrl(issuer: Issuer, principal: Principal, deps: Deps): Promise<void> {
  if (await crlIsDue(issuer, deps)) await publishCrl(issuer.ca, issuer.identity, actorOf(principal), deps)
}

async function crlIsDue(issuer: Issuer, deps: Deps): Promise<boolean> {
  const { latest, revocationCount } = await deps.storage.crlState(issuer.ca.id)
  if (latest === undefined || latest.revocationCount !== revocationCount) return true
  const { thisUpdate, nextUpdate } = latest
  const age = currentTime(deps).getTime() - thisUpdate.getTime()
  return age >= (nextUpdate.getTime() - thisUpdate.getTime()) * crlRenewalShare
}
