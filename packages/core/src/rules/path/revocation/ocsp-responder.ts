import { sha1KeyIdentifier } from '../../../crypto/key-identifier.js'
import { parsePublicKey } from '../../../crypto/public-key.js'
import { equalBytes } from '../../../encoding/bytes.js'
import { isPkiError } from '../../../errors/pki-error.js'
import { type Certificate, parseCertificate } from '../../../x509/certificate.js'
import { findExtension } from '../../../x509/extension.js'
import { extendedKeyUsage } from '../../../x509/extensions/extended-key-usage.js'
import { keyUsage } from '../../../x509/extensions/key-usage.js'
import { ocspNoCheck } from '../../../x509/extensions/ocsp-no-check.js'
import { keyPurposes } from '../../../x509/key-purposes.js'
import { namesMatch } from '../../../x509/name.js'
import type { BasicOcspResponse } from '../../../x509/ocsp-basic-response.js'
import { unprocessableExtension } from '../processed-extensions.js'
import type { Asking } from '../questions.js'
import type { SignatureChecks } from './signature-checks.js'
import { type RevocationSettings, type RevocationStatus, secondsOf } from './revocation-status.js'

/*
 * Who may sign an OCSP response (RFC 6960 §4.2.2.2): the issuer of the certificate, or the holder of a certificate that
 * this issuer's own key has signed for nothing else. A chain to a trust anchor alone makes nobody a responder.
 */

export interface ResponderContext extends Pick<RevocationSettings, 'at'> {
  readonly signatures: SignatureChecks
  /** Certificates beside those in the response, which need not have any (§4.2.1). */
  readonly certificates?: readonly Certificate[]
  /** What a path asks of an end entity besides what is asked here; absent: there is no path. */
  readonly isValid?: (responder: Certificate) => boolean
  /** What CRLs say of a responder's certificate; absent: there are none. */
  readonly statusByCrls?: (responder: Certificate) => Asking<RevocationStatus>
}

/** Certificates in one response that are looked at, and of these and others those it may mean: a responder has one. */
const maximumCertificates = 16

/** Whether the issuer, or somebody whom it has certified for that, has signed a response. */
export function* isByResponder(
  response: BasicOcspResponse,
  issuer: Certificate,
  context: ResponderContext,
): Asking<boolean> {
  const { signatures, isValid = () => true } = context
  if (isResponder(response, issuer) && (yield* signatures.isSignedBy(response, issuer))) return true
  for (const responder of respondersOf(response, issuer, context)) {
    // Comparing names has a budget, which is not for those whom the issuer has not signed.
    if (!(yield* signatures.isSignedBy(responder, issuer)) || !isValid(responder)) continue
    if (!(yield* signatures.isSignedBy(response, responder))) continue
    if (yield* isUnrevoked(responder, context)) return true
  }
  return false
}

/** Certificates that the response may mean, by what they say. */
function respondersOf(
  response: BasicOcspResponse,
  issuer: Certificate,
  { at, certificates = [] }: ResponderContext,
): readonly Certificate[] {
  return [...certificatesIn(response), ...certificates]
    .filter((one) => isFitResponder(one, issuer, at) && isResponder(response, one))
    .slice(0, maximumCertificates)
}

/** Those that can be read. */
export const certificatesIn = ({ certificatesDer }: BasicOcspResponse): readonly Certificate[] =>
  certificatesDer.slice(0, maximumCertificates).flatMap((der) => readCertificate(der) ?? [])

/** Whether a certificate is the one that the response names (§4.2.1). */
export function isResponder({ responderId }: BasicOcspResponse, certificate: Certificate): boolean {
  if ('byName' in responderId) return namesMatch(responderId.byName, certificate.subject)
  const keyBits = keyBitsOf(certificate)
  return keyBits !== undefined && equalBytes(responderId.byKey, sha1KeyIdentifier(keyBits))
}

/** §4.2.2.2: "by including a value of id-kp-OCSPSigning"; anyExtendedKeyUsage does not do. */
export const isForOcsp = ({ extensions }: Certificate): boolean =>
  findExtension(extensions, extendedKeyUsage)?.includes(keyPurposes.ocspSigning) === true

/** What RFC 5280 §6.1 asks of an end entity, as far as it is not asked already. */
function isFitResponder(responder: Certificate, issuer: Certificate, at: Date): boolean {
  const now = secondsOf(at)
  const usages = findExtension(responder.extensions, keyUsage)
  const maySign =
    usages?.some((usage) => usage === 'digitalSignature' || usage === 'contentCommitment') ?? true
  return (
    namesMatch(responder.issuer, issuer.subject) &&
    now >= secondsOf(responder.notBefore) &&
    now <= secondsOf(responder.notAfter) &&
    isForOcsp(responder) &&
    maySign &&
    unprocessableExtension(responder) === undefined
  )
}

/**
 * §4.2.2.2.1: a responder whose certificate has ocspNoCheck need not be asked about. Of others the lists decide where
 * there are any; where there are none, the RFC leaves it to the client, and asking the responder about itself is useless.
 */
function* isUnrevoked(responder: Certificate, context: ResponderContext): Asking<boolean> {
  if (context.statusByCrls === undefined) return true
  if (findExtension(responder.extensions, ocspNoCheck) === true) return true
  const status = yield* context.statusByCrls(responder)
  return status.kind !== 'revoked'
}

/** The content of the BIT STRING, which key hashes are made of; `undefined`: no key. */
export function keyBitsOf({ spkiDer }: Certificate): Uint8Array | undefined {
  return orUndefined(() => parsePublicKey(spkiDer).keyBits)
}

const readCertificate = (der: Uint8Array): Certificate | undefined => orUndefined(() => parseCertificate(der))

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (isPkiError(error)) return undefined
    throw error
  }
}
