import type { KeyAlgorithm } from '../../crypto/algorithm-names.js'
import { defaultSignatureAlgorithm } from '../../crypto/key-use.js'
import { PkiError } from '../../errors/pki-error.js'
import type { CaRecord } from '../../ports/records.js'
import type { Certificate } from '../../x509/certificate.js'
import { currentTime, type Deps } from '../deps.js'
import type { Issuer, SigningCa, SigningIdentity, UnlockedCa } from '../stages.js'
import { firstCertificate } from './ca-certificates.js'
import { otherPaths } from './known-paths.js'
import { type CaEntry, type ChainLink, chainOf, loadChain, loadEntries } from './load-chain.js'

/**
 * A CA that may issue: neither it nor one above it is revoked or expired, and its key is unlocked.
 *
 * @param records the CA and those above it: of `checkIssuePermission` or its like, or `lineageOf`
 * @throws {PkiError} `ca_revoked` | `ca_expired` | `passphrase_required` | `wrong_passphrase`, before anything is written
 */
export async function findIssuer(
  records: readonly CaRecord[],
  passphrase: string | undefined,
  deps: Deps,
): Promise<Issuer> {
  const lineage = await loadEntries(records, deps)
  const [{ ca }] = lineage as readonly [CaEntry]
  const links = chainOf(lineage, deps)
  refuseUnusable(links, ca, currentTime(deps))
  const issuer = { ...(await unlockIssuer(ca, passphrase, deps)), ...certificatesOf(links) }
  return { otherPaths: await otherPaths(lineage, issuer.chain, deps), ...issuer }
}

/**
 * The CA for what it must be able to do to its end and after, whatever has become of those above it: revoke, and tell of it.
 *
 * @throws {PkiError} `passphrase_required` | `wrong_passphrase`
 */
export async function unlockIssuer(
  ca: CaRecord,
  passphrase: string | undefined,
  deps: Deps,
): Promise<UnlockedCa> {
  // Every certificate of a CA is of one key.
  const { certificate } = firstCertificate(ca, deps)
  const identity = signingIdentity(ca, certificate.spkiDer, passphrase)
  if (ca.hasPassphrase) await deps.custody.checkPassphrase(identity)
  return { ca, identity }
}

/** @throws {PkiError} `storage_unavailable`: those above it are not all there */
export const signingCa = async (unlocked: UnlockedCa, deps: Deps): Promise<SigningCa> => ({
  ...unlocked,
  ...certificatesOf(await loadChain(unlocked.ca, deps)),
})

function certificatesOf(links: readonly ChainLink[]): Pick<SigningCa, 'certificate' | 'chain'> {
  const chain = links.map((link) => link.certificate)
  return { certificate: chain[0] as Certificate, chain }
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
