import type { KeyAlgorithm } from '../../crypto/algorithm-names.js'
import { defaultSignatureAlgorithm } from '../../crypto/key-use.js'
import { PkiError } from '../../errors/pki-error.js'
import type { CaRecord } from '../../ports/records.js'
import { currentTime, type Deps } from '../deps.js'
import type { Issuer, SigningIdentity } from '../stages.js'
import { type ChainLink, loadChain } from './load-chain.js'

/**
 * A CA that may issue: neither it nor one above it is revoked or expired, and its key is unlocked.
 *
 * @throws {PkiError} `ca_revoked` | `ca_expired` | `passphrase_required` | `wrong_passphrase`, before anything is written
 */
export async function findIssuer(ca: CaRecord, passphrase: string | undefined, deps: Deps): Promise<Issuer> {
  const links = await loadChain(ca, deps)
  refuseUnusable(links, ca, currentTime(deps))
  return unlocked(links, ca, passphrase, deps)
}

/**
 * The CA for what it must be able to do to its end and after: revoke, and tell of it.
 *
 * @throws {PkiError} `passphrase_required` | `wrong_passphrase`
 */
export async function unlockIssuer(
  ca: CaRecord,
  passphrase: string | undefined,
  deps: Deps,
): Promise<Issuer> {
  return unlocked(await loadChain(ca, deps), ca, passphrase, deps)
}

async function unlocked(
  links: readonly ChainLink[],
  ca: CaRecord,
  passphrase: string | undefined,
  deps: Deps,
): Promise<Issuer> {
  const certificate = deps.certificates.parse(ca.id, ca.certificateDer)
  const identity = signingIdentity(ca, certificate.spkiDer, passphrase)
  if (ca.hasPassphrase) await deps.custody.checkPassphrase(identity)
  return { ca, certificate, chain: links.map((link) => link.certificate), identity }
}

/** How the key of `ca` signs. A passphrase for a key that has none is not passed on. */
export const signingIdentity = (
  ca: { readonly keyId: string; readonly keyAlgorithm: KeyAlgorithm; readonly hasPassphrase: boolean },
  spkiDer: Uint8Array,
  passphrase: string | undefined,
): SigningIdentity => ({
  keyId: ca.keyId,
  spkiDer,
  signatureAlgorithm: defaultSignatureAlgorithm(ca.keyAlgorithm, spkiDer),
  ...(ca.hasPassphrase && passphrase !== undefined && { passphrase }),
})

function refuseUnusable(links: readonly ChainLink[], ca: CaRecord, now: Date): void {
  for (const link of links) {
    const named = link.ca ?? ca
    if (link.ca?.revokedAt !== undefined) {
      throw new PkiError('ca_revoked', `Cannot sign: CA "${named.name}" is revoked; choose another CA`, {
        caId: named.id,
      })
    }
    const { notAfter } = link.certificate
    if (notAfter < now) {
      const state = `CA "${named.name}" or one above it expired at ${notAfter.toISOString()}; choose another CA`
      throw new PkiError('ca_expired', `Cannot sign: ${state}`, { caId: named.id, notAfter })
    }
  }
}
