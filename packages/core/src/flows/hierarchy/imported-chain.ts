import { parsePublicKey } from '../../crypto/public-key.js'
import { findSignatureAlgorithm } from '../../crypto/signature-algorithms.js'
import { verifySignature } from '../../crypto/verify.js'
import type { PathFaultContext } from '../../errors/codes.js'
import { PkiError } from '../../errors/pki-error.js'
import { checkIssuance } from '../../rules/path/check-issuance.js'
import type { Deps } from '../../steps/deps.js'
import type { Certificate } from '../../x509/certificate.js'
import { findExtension } from '../../x509/extension.js'
import { basicConstraints } from '../../x509/extensions/basic-constraints.js'
import { extendedKeyUsage } from '../../x509/extensions/extended-key-usage.js'
import { keyUsage } from '../../x509/extensions/key-usage.js'
import { namesMatch } from '../../x509/name.js'

/** As `maximumChainLength` in load-chain.ts: what is imported can be loaded. */
const maximumIssuers = 15

/**
 * The certificates above an imported CA, checked: each signed by the next, the last by itself, and the CA one that may
 * stand where it stands.
 *
 * @returns the issuers, nearest first; empty for a root
 * @throws {PkiError} `path_refused` | `ca_expired` | `unsupported_algorithm`
 */
export async function checkImportedChain(
  certificate: Certificate,
  given: readonly Certificate[],
  now: Date,
  deps: Deps,
): Promise<readonly Certificate[]> {
  // Bundles often begin with the CA's own certificate.
  const above = given.filter(
    (issuer) => issuer.serialNumber !== certificate.serialNumber || !isSame(issuer, certificate),
  )
  if (above.length > maximumIssuers)
    throw refused('chain_too_long', 0, `the chain has more than ${maximumIssuers} issuers`)
  for (const { notAfter } of [certificate, ...above]) {
    if (notAfter >= now) continue
    const state = `a certificate of its chain expired at ${notAfter.toISOString()}`
    throw new PkiError('ca_expired', `Cannot import CA: ${state}`, { notAfter })
  }
  await checkSignatures([certificate, ...above], deps)
  const constraints = findExtension(certificate.extensions, basicConstraints)
  if (constraints?.isCa !== true)
    throw refused('not_a_ca', 0, 'the certificate is not one of a CA (basicConstraints)')
  // Absent, it allows everything (RFC 5280 §4.2.1.3).
  if (findExtension(certificate.extensions, keyUsage)?.includes('keyCertSign') === false) {
    throw refused(
      'key_cert_sign_missing',
      0,
      'the certificate may not sign others (keyUsage without keyCertSign)',
    )
  }
  if (above.length === 0) return above
  const { subject, notBefore, notAfter } = certificate
  const candidate = {
    subject,
    subjectAltNames: [],
    isCa: true,
    pathLength: constraints.pathLength,
    extendedKeyUsage: findExtension(certificate.extensions, extendedKeyUsage),
    notBefore,
    notAfter,
    publicKey: parsePublicKey(certificate.spkiDer),
    extensions: certificate.extensions,
  }
  const verdict = checkIssuance(candidate, above)
  if (verdict.ok) return above
  const [first] = verdict.faults
  throw new PkiError('path_refused', `Cannot import CA: ${first?.message} (${first?.clause})`, {
    faults: verdict.faults,
  })
}

async function checkSignatures(path: readonly Certificate[], deps: Deps): Promise<void> {
  for (const [depth, certificate] of path.entries()) {
    const issuer = path[depth + 1] ?? certificate
    if (!namesMatch(certificate.issuer, issuer.subject)) {
      const state =
        issuer === certificate
          ? 'the root is missing; give it in "chain"'
          : 'the next certificate is not its issuer'
      throw refused('chain_broken', depth, state)
    }
    const isSigned = await verifySignature(deps.crypto, {
      algorithm: findSignatureAlgorithm(certificate.signatureAlgorithmDer),
      publicKey: parsePublicKey(issuer.spkiDer),
      message: certificate.tbsDer,
      signature: certificate.signature,
    })
    if (!isSigned)
      throw refused('signature_invalid', depth, 'a signature does not verify with the key of its issuer')
  }
}

const isSame = (a: Certificate, b: Certificate): boolean =>
  namesMatch(a.issuer, b.issuer) && namesMatch(a.subject, b.subject)

function refused(fault: string, depth: number, message: string): PkiError<'path_refused'> {
  const faults: readonly PathFaultContext[] = [{ fault, depth, clause: 'RFC 5280 §6.1.3', message }]
  return new PkiError('path_refused', `Cannot import CA: ${message}`, { faults })
}
