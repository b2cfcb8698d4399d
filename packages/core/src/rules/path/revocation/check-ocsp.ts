import type { DigestAlgorithm } from '../../../crypto/algorithm-names.js'
import { digestSync } from '../../../crypto/digest.js'
import { compareBytes, equalBytes, equalInConstantTime } from '../../../encoding/bytes.js'
import type { Certificate } from '../../../x509/certificate.js'
import { type Extension, findExtension } from '../../../x509/extension.js'
import { ocspNonce } from '../../../x509/extensions/ocsp-nonce.js'
import type { BasicOcspResponse, SingleResponse } from '../../../x509/ocsp-basic-response.js'
import { type CertId, certIdDigests } from '../../../x509/ocsp-cert-id.js'
import type { Asking } from '../questions.js'
import { isByResponder, keyBitsOf, type ResponderContext } from './ocsp-responder.js'
import {
  type RevocationSettings,
  type RevocationStatus,
  secondsOf,
  staleness,
  worstOf,
} from './revocation-status.js'

/*
 * OCSP, by RFC 6960 §3.2 and §4.2.2. An answer counts if it is about this certificate, current, and signed by somebody
 * who may (ocsp-responder.ts).
 */

export interface OcspQuestion {
  readonly certificate: Certificate
  readonly issuer: Certificate
  /** What the request had (RFC 9654); absent: any answer that is current will do. */
  readonly nonce?: Uint8Array | undefined
}

type OcspContext = ResponderContext & Pick<RevocationSettings, 'maximumAgeSeconds'>

/** Responses about one certificate that are looked at, the newest: clients have one. */
const maximumResponses = 16

/** What OCSP responses say of a certificate. */
export function* checkOcsp(
  question: OcspQuestion,
  responses: readonly BasicOcspResponse[],
  context: OcspContext,
): Asking<RevocationStatus> {
  const isAbout = certIdMatcher(question)
  const about = responses
    .map((response) => ({ response, singles: response.responses.filter(({ certId }) => isAbout(certId)) }))
    .filter(({ singles }) => singles.length > 0)
    .sort((a, b) => newestFirst(a.response, b.response))
    .slice(0, maximumResponses)
  const statuses: RevocationStatus[] = []
  for (const { response, singles } of about) {
    const state =
      mismatch(question, response, singles, context) ??
      ((yield* isByResponder(response, question.issuer, context))
        ? undefined
        : 'is not signed by the issuer or by a responder that it has certified')
    statuses.push(
      state === undefined ? worst(singles) : { kind: 'unknown', because: `the OCSP response ${state}` },
    )
  }
  return worstOf(statuses) ?? { kind: 'unknown', because: 'there is no OCSP response about it' }
}

const newestFirst = (a: BasicOcspResponse, b: BasicOcspResponse): number =>
  b.producedAt.getTime() - a.producedAt.getTime() || compareBytes(b.tbsDer, a.tbsDer)

/** Why a response does not count, its signature aside; `undefined`: it does. */
function mismatch(
  { certificate, nonce }: OcspQuestion,
  response: BasicOcspResponse,
  singles: readonly SingleResponse[],
  context: OcspContext,
): string | undefined {
  const critical = [response, ...singles].map(({ extensions }) => unprocessed(extensions)).find(Boolean)
  if (critical !== undefined) return `has the critical extension ${critical}`
  const answered = findExtension(response.extensions, ocspNonce)
  if (nonce !== undefined && !(answered && equalInConstantTime(answered, nonce))) {
    return 'has not the nonce of the request'
  }
  const { producedAt } = response
  if (producedAt < certificate.notBefore || producedAt > certificate.notAfter) {
    return 'was made when the certificate was not valid'
  }
  if (secondsOf(producedAt) > secondsOf(context.at)) return 'is from the future'
  return singles.map((single) => staleness(single, context)).find((state) => state !== undefined)
}

/** Several answers about one certificate should agree. Where they do not, only bad news is sure. */
function worst(singles: readonly SingleResponse[]): RevocationStatus {
  for (const { status } of singles) {
    if (status.kind === 'revoked') {
      return { kind: 'revoked', revokedAt: status.revocationTime, reason: status.reason }
    }
  }
  const isGood = singles.every(({ status }) => status.kind === 'good')
  return isGood ? { kind: 'good' } : { kind: 'unknown', because: 'the OCSP responder does not know it' }
}

/** Whether a CertID is that of the certificate. Each digest is made once, for responses may be about thousands. */
function certIdMatcher({ certificate, issuer }: OcspQuestion): (certId: CertId) => boolean {
  const isIssuer = issuerHashMatcher(issuer, [certificate.issuer.der, issuer.subject.der])
  return (certId) => certId.serialNumber === certificate.serialNumber && isIssuer(certId)
}

/**
 * Whether the hashes of a CertID are those of an issuer.
 *
 * @param namesDer its name as it stands in the certificate, which §4.1.1 hashes, and other encodings of it
 */
export function issuerHashMatcher(
  issuer: Certificate,
  namesDer: readonly Uint8Array[],
): (certId: CertId) => boolean {
  const keyBits = keyBitsOf(issuer)
  const hashes = new Map<DigestAlgorithm, { names: readonly Uint8Array[]; key: Uint8Array }>()
  return ({ hashAlgorithm, issuerNameHash, issuerKeyHash }) => {
    const algorithm = certIdDigests[hashAlgorithm]
    if (algorithm === undefined || keyBits === undefined) return false
    const known = hashes.get(algorithm) ?? {
      names: namesDer.map((der) => digestSync(algorithm, der)),
      key: digestSync(algorithm, keyBits),
    }
    hashes.set(algorithm, known)
    return (
      known.names.some((name) => equalBytes(name, issuerNameHash)) && equalBytes(known.key, issuerKeyHash)
    )
  }
}

/** Known, so that they may be critical: the nonce, and the timestamps of RFC 6962 §3.3, which say nothing of the status. */
const processed: ReadonlySet<string> = new Set([ocspNonce.oid, '1.3.6.1.4.1.11129.2.4.5'])

const unprocessed = (extensions: readonly Extension[]): string | undefined =>
  extensions.find(({ critical, oid }) => critical && !processed.has(oid))?.oid
