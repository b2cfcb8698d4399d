import { digestSync } from '../../../crypto/digest.js'
import type { DigestAlgorithm } from '../../../crypto/algorithm-names.js'
import { sha1KeyIdentifier } from '../../../crypto/key-identifier.js'
import { parsePublicKey } from '../../../crypto/public-key.js'
import { equalBytes, equalInConstantTime } from '../../../encoding/bytes.js'
import { isPkiError } from '../../../errors/pki-error.js'
import { type Certificate, parseCertificate } from '../../../x509/certificate.js'
import { type Extension, findExtension } from '../../../x509/extension.js'
import { extendedKeyUsage } from '../../../x509/extensions/extended-key-usage.js'
import { ocspNonce } from '../../../x509/extensions/ocsp-nonce.js'
import { keyPurposes } from '../../../x509/key-purposes.js'
import { namesMatch } from '../../../x509/name.js'
import type { BasicOcspResponse, SingleResponse } from '../../../x509/ocsp-basic-response.js'
import { type Asking, askSignature } from '../questions.js'
import { type RevocationContext, type RevocationStatus, secondsOf, staleness } from './revocation-status.js'

/*
 * OCSP, by RFC 6960 §3.2 and §4.2.2. An answer counts if it is about this certificate, current, and signed by the issuer
 * or by somebody whom the issuer itself has certified for that.
 */

export interface OcspQuestion {
  readonly certificate: Certificate
  readonly issuer: Certificate
  /** What the request had (RFC 9654); absent: any answer that is current will do. */
  readonly nonce?: Uint8Array | undefined
}

/** Responses, and certificates in one, that are looked at: a responder sends one of each. */
const maximumLooked = 16

export function* checkOcsp(
  question: OcspQuestion,
  responses: readonly BasicOcspResponse[],
  context: Pick<RevocationContext, 'at' | 'maximumAgeSeconds'>,
): Asking<RevocationStatus> {
  let last: RevocationStatus = { kind: 'unknown', because: 'there is no OCSP response about it' }
  for (const response of responses.slice(0, maximumLooked)) {
    const status = yield* checkResponse(question, response, context)
    if (status.kind !== 'unknown') return status
    last = status
  }
  return last
}

function* checkResponse(
  question: OcspQuestion,
  response: BasicOcspResponse,
  context: Pick<RevocationContext, 'at' | 'maximumAgeSeconds'>,
): Asking<RevocationStatus> {
  const singles = response.responses.filter((single) => isAbout(single, question))
  if (singles.length === 0) return unknown('is not about it')
  const critical = [response, ...singles].map(({ extensions }) => unprocessed(extensions)).find(Boolean)
  if (critical !== undefined) return unknown(`has the critical extension ${critical}`)
  const nonce = findExtension(response.extensions, ocspNonce)
  if (question.nonce !== undefined && !(nonce && equalInConstantTime(nonce, question.nonce))) {
    return unknown('has not the nonce of the request')
  }
  const { notBefore, notAfter } = question.certificate
  if (response.producedAt < notBefore || response.producedAt > notAfter) {
    return unknown('was made when the certificate was not valid')
  }
  if (secondsOf(response.producedAt) > secondsOf(context.at)) return unknown('is from the future')
  const stale = singles.map((single) => staleness(single, context)).find((one) => one !== undefined)
  if (stale !== undefined) return unknown(stale)
  if (!(yield* isByResponder(response, question.issuer, context.at))) {
    return unknown('is not signed by the issuer or by a responder that it has certified')
  }
  return worst(singles)
}

const unknown = (because: string): RevocationStatus => ({
  kind: 'unknown',
  because: `the OCSP response ${because}`,
})

/** Several answers about one certificate should agree; where they do not, the bad news counts. */
function worst(singles: readonly SingleResponse[]): RevocationStatus {
  for (const { status } of singles) {
    if (status.kind === 'revoked') {
      return { kind: 'revoked', revokedAt: status.revocationTime, reason: status.reason }
    }
  }
  const isGood = singles.every(({ status }) => status.kind === 'good')
  return isGood ? { kind: 'good' } : { kind: 'unknown', because: 'the OCSP responder does not know it' }
}

/** RFC 6960 §4.1.1; SHA-256 by RFC 9919. */
const certIdDigests: Readonly<Record<string, DigestAlgorithm>> = {
  '1.3.14.3.2.26': 'SHA-1',
  '2.16.840.1.101.3.4.2.1': 'SHA-256',
  '2.16.840.1.101.3.4.2.2': 'SHA-384',
  '2.16.840.1.101.3.4.2.3': 'SHA-512',
}

function isAbout({ certId }: SingleResponse, { certificate, issuer }: OcspQuestion): boolean {
  const algorithm = certIdDigests[certId.hashAlgorithm]
  if (algorithm === undefined || certId.serialNumber !== certificate.serialNumber) return false
  const keyBits = keyBitsOf(issuer)
  return (
    keyBits !== undefined &&
    equalBytes(certId.issuerNameHash, digestSync(algorithm, issuer.subject.der)) &&
    equalBytes(certId.issuerKeyHash, digestSync(algorithm, keyBits))
  )
}

function keyBitsOf({ spkiDer }: Certificate): Uint8Array | undefined {
  try {
    return parsePublicKey(spkiDer).keyBits
  } catch (error) {
    if (isPkiError(error)) return undefined
    throw error
  }
}

/** Known, so that they may be critical: the nonce, and the timestamps of RFC 6962 §3.3, which say nothing of the status. */
const processed: ReadonlySet<string> = new Set([ocspNonce.oid, '1.3.6.1.4.1.11129.2.4.5'])

const unprocessed = (extensions: readonly Extension[]): string | undefined =>
  extensions.find(({ critical, oid }) => critical && !processed.has(oid))?.oid

/** §4.2.2.2: the issuer, or the holder of a certificate that the issuer's own key has signed, for OCSPSigning. */
function* isByResponder(response: BasicOcspResponse, issuer: Certificate, at: Date): Asking<boolean> {
  if (isResponder(response, issuer)) return yield* isSignedBy(response, issuer)
  for (const der of response.certificatesDer.slice(0, maximumLooked)) {
    const responder = readCertificate(der)
    if (responder === undefined || !isResponder(response, responder)) continue
    if (!isDelegated(responder, issuer, at)) continue
    if (!(yield* isSignedBy(responder, issuer))) continue
    if (yield* isSignedBy(response, responder)) return true
  }
  return false
}

function isResponder({ responderId }: BasicOcspResponse, certificate: Certificate): boolean {
  if ('byName' in responderId) return namesMatch(responderId.byName, certificate.subject)
  const keyBits = keyBitsOf(certificate)
  return keyBits !== undefined && equalBytes(responderId.byKey, sha1KeyIdentifier(keyBits))
}

function isDelegated(responder: Certificate, issuer: Certificate, at: Date): boolean {
  const now = secondsOf(at)
  return (
    namesMatch(responder.issuer, issuer.subject) &&
    now >= secondsOf(responder.notBefore) &&
    now <= secondsOf(responder.notAfter) &&
    findExtension(responder.extensions, extendedKeyUsage)?.includes(keyPurposes.ocspSigning) === true
  )
}

function* isSignedBy(signed: Certificate | BasicOcspResponse, signer: Certificate): Asking<boolean> {
  try {
    return yield* askSignature(signed, parsePublicKey(signer.spkiDer))
  } catch (error) {
    if (isPkiError(error)) return false
    throw error
  }
}

function readCertificate(der: Uint8Array): Certificate | undefined {
  try {
    return parseCertificate(der)
  } catch (error) {
    if (isPkiError(error)) return undefined
    throw error
  }
}
