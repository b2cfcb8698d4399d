import type { KeyAlgorithm } from '../crypto/algorithm-names.js'
import { keyAlgorithms } from '../crypto/key-algorithms.js'
import { parsePublicKey } from '../crypto/public-key.js'
import type { CustodyKey } from '../ports/key-custody.js'
import type { CaRecord } from '../ports/records.js'
import type { Principal } from '../rules/permission/principal.js'
import { applyProfile } from '../rules/profile/apply-profile.js'
import { findProfile } from '../rules/profile/profiles.js'
import { noNames } from '../rules/profile/requested-names.js'
import { signCertificate } from '../signing/sign-certificate.js'
import { currentTime, type Deps, newId } from '../steps/deps.js'
import { chainValidity } from '../steps/issuer/chain-validity.js'
import { recordOcspResponder } from '../steps/recording/record-ca.js'
import { abandonReservation } from '../steps/recording/release-reservation.js'
import { reserveIssuance } from '../steps/recording/reserve-issuance.js'
import type { SigningCa } from '../steps/stages.js'
import { assembleTbs } from '../steps/tbs/assemble-tbs.js'
import { checkTbs } from '../steps/tbs/check-tbs.js'
import { withNewKey } from './with-new-key.js'

/** A responder is renewed when less than this part of its life is left. */
const renewalShare = 1 / 3

export function responderIsDue(ca: CaRecord, now: Date): boolean {
  if (ca.ocspResponder === undefined) return true
  const { notBefore, notAfter } = ca.ocspResponder
  return notAfter.getTime() - now.getTime() < (notAfter.getTime() - notBefore.getTime()) * renewalShare
}

/**
 * Give a CA whose own key is locked a responder that can always sign (RFC 6960 §4.2.2.2): a key without a passphrase,
 * certified by the CA for OCSP alone, with id-pkix-ocsp-nocheck.
 */
export async function issueOcspResponder(issuer: SigningCa, principal: Principal, deps: Deps): Promise<void> {
  const replaced = (await deps.storage.findCa(issuer.ca.id))?.ocspResponder
  const reservationId = newId(deps)
  await withNewKey(
    () => deps.custody.generateKey({ keyAlgorithm: responderKeyAlgorithm(issuer.ca) }),
    (key) => certify(key, issuer, { reservationId, principal }, deps),
    async ({ keyId }) => {
      await abandonReservation(reservationId, deps)
      return (await deps.storage.findCa(issuer.ca.id))?.ocspResponder?.keyId !== keyId
    },
    deps,
  )
  // Its certificate is still good for months: a key that nobody needs must not lie about.
  if (replaced !== undefined) await deps.custody.destroyKey(replaced.keyId)
}

/** A CA that a quantum computer does not break has a responder that it does not break. */
const responderKeyAlgorithm = (ca: CaRecord): KeyAlgorithm =>
  keyAlgorithms[ca.keyAlgorithm].isPostQuantum ? 'ML-DSA-44' : 'ECDSA-P256'

async function certify(
  key: CustodyKey,
  issuer: SigningCa,
  { reservationId, principal }: { readonly reservationId: string; readonly principal: Principal },
  deps: Deps,
): Promise<void> {
  const spec = applyProfile(findProfile(deps.settings.profiles, 'ocspSigning'), {
    // Not the name of the CA: that is free text, and one that is no common name would leave it without a responder.
    commonName: 'OCSP responder',
    names: noNames,
    publicKey: parsePublicKey(key.spkiDer),
    now: currentTime(deps),
    issuerValidity: chainValidity(issuer.chain),
  })
  // Clients take a responder from the very CA that it answers for (§4.2.2.2): there are no other paths.
  const checked = checkTbs(assembleTbs(spec, issuer, deps), { ...issuer, otherPaths: [] })
  const intent = { id: reservationId, caId: issuer.ca.id, kind: 'ocspResponder' } as const
  const reserved = await reserveIssuance(checked, intent, deps)
  const signed = await signCertificate(reserved, issuer.identity, deps)
  const { notBefore, notAfter } = spec
  const { keyId, keyAlgorithm } = key
  const responder = { keyId, keyAlgorithm, certificateDer: signed.certificateDer, notBefore, notAfter }
  await recordOcspResponder(signed, issuer.ca, responder, principal, deps)
}
