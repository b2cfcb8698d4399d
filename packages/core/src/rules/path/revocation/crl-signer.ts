import { equalBytes } from '../../../encoding/bytes.js'
import type { Certificate } from '../../../x509/certificate.js'
import type { CertificateRevocationList } from '../../../x509/certificate-revocation-list.js'
import { findExtension } from '../../../x509/extension.js'
import { authorityKeyIdentifier } from '../../../x509/extensions/authority-key-identifier.js'
import { keyUsage } from '../../../x509/extensions/key-usage.js'
import { subjectKeyIdentifier } from '../../../x509/extensions/subject-key-identifier.js'
import type { Name } from '../../../x509/name.js'
import type { Asking } from '../questions.js'
import type { SignatureChecks } from './signature-checks.js'

/*
 * Who signed a CRL (RFC 5280 §6.3.3 (f), (g)). A CA may sign its lists with another key than its certificates, change its
 * key, or have somebody else sign: the certificate with the key is looked for by name, and needs a valid path itself.
 */

/** Where CRL issuers come from, and which of them are to be believed. */
export interface CrlIssuers {
  /** Certificates of this subject, whatever is known of them. */
  certificatesOf(subject: Name): readonly Certificate[]
  /** Whether one has a valid path to the trust anchor of the path that is validated. Absent: they all are trusted. */
  readonly isTrusted?: (crlIssuer: Certificate) => Asking<boolean>
}

/** @returns the certificate with whose key the list is signed; `undefined`: nobody who may has signed it */
export function* findCrlSigner(
  crl: CertificateRevocationList,
  issuers: CrlIssuers,
  signatures: SignatureChecks,
): Asking<Certificate | undefined> {
  for (const candidate of likelyFirst(crl, issuers.certificatesOf(crl.issuer))) {
    if (!maySign(candidate) || !(yield* signatures.isSignedBy(crl, candidate))) continue
    if (issuers.isTrusted === undefined || (yield* issuers.isTrusted(candidate))) return candidate
  }
  return undefined
}

/** Those whose key the list names (§5.2.1): a hint, as it is in certificates. */
function likelyFirst(
  crl: CertificateRevocationList,
  candidates: readonly Certificate[],
): readonly Certificate[] {
  const wanted = findExtension(crl.extensions, authorityKeyIdentifier)?.keyIdentifier
  if (wanted === undefined || candidates.length < 2) return candidates
  const isNamed = ({ extensions }: Certificate): boolean => {
    const own = findExtension(extensions, subjectKeyIdentifier)
    return own !== undefined && equalBytes(own, wanted)
  }
  return [...candidates.filter(isNamed), ...candidates.filter((one) => !isNamed(one))]
}

/** (f): "if a key usage extension is present …, verify that the cRLSign bit is set". */
function maySign({ extensions }: Certificate): boolean {
  const usages = findExtension(extensions, keyUsage)
  return usages === undefined || usages.includes('cRLSign')
}
