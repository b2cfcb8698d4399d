import { platformCrypto } from '../../crypto/platform.js'
import { answerAll } from '../../rules/path/questions.js'
import { issuerHashMatcher } from '../../rules/path/revocation/check-ocsp.js'
import { SignatureChecks } from '../../rules/path/revocation/signature-checks.js'
import { certificatesIn, isForOcsp, isResponder } from '../../rules/path/revocation/ocsp-responder.js'
import type { Certificate } from '../../x509/certificate.js'
import type { BasicOcspResponse } from '../../x509/ocsp-basic-response.js'
import { parseOcspResponse } from '../../x509/ocsp-response.js'
import {
  type CertificateInput,
  readable,
  verifyCertificate,
  type VerifyOptions,
  type VerifyRequest,
} from './verify-certificate.js'

export interface VerifyOcspRequest
  extends Pick<VerifyRequest, 'trustAnchors' | 'at' | 'allowSha1' | 'minimumRsaBits'> {
  /** DER. */
  readonly response: Uint8Array
  /** Certificates beside those in the response: the responder's, and those between it and a trust anchor. */
  readonly certificates?: readonly CertificateInput[]
  /**
   * Take any responder with a path to a trust anchor, whatever it answers about: for trust anchors that are trusted for
   * nothing but OCSP (RFC 6960 §4.2.2.2, "a local configuration of OCSP signing authority"). Default: false.
   */
  readonly anyResponder?: boolean
}

export type OcspVerdict =
  | { readonly ok: true; readonly responder: Certificate }
  | { readonly ok: false; readonly because: string }

/**
 * Who signed an OCSP response, and whether they may (RFC 6960 §4.2.2.2): the issuer of all certificates that it is about,
 * or somebody whom that issuer has certified for it, with a path to a trust anchor. What the response says, and whether it
 * is current, is asked by `checkOcspResponse`.
 *
 * @throws {PkiError} `invalid_der` and the like: the response cannot be read
 */
export async function verifyOcspResponse(
  request: VerifyOcspRequest,
  options: Pick<VerifyOptions, 'crypto'> = {},
): Promise<OcspVerdict> {
  const response = parseOcspResponse(request.response)
  if (response.status !== 'successful') {
    return { ok: false, because: `the OCSP responder says ${response.status}` }
  }
  const { basic } = response
  const intermediates = [...certificatesIn(basic), ...readable(request.certificates ?? [])]
  const known = [...intermediates, ...readable(request.trustAnchors)]
  const signatures = new SignatureChecks()
  const { crypto = platformCrypto } = options
  const answers = { crypto, allowSha1: request.allowSha1 ?? false }
  let because = 'is not signed by the responder that it names'
  for (const responder of known.filter((certificate) => isResponder(basic, certificate))) {
    if (!(await answerAll(signatures.isSignedBy(basic, responder), answers))) continue
    const { trustAnchors, at, allowSha1, minimumRsaBits } = request
    const verdict = await verifyCertificate(
      {
        certificate: responder,
        intermediates,
        trustAnchors,
        at,
        purpose: 'any',
        ...(allowSha1 !== undefined && { allowSha1 }),
        ...(minimumRsaBits !== undefined && { minimumRsaBits }),
      },
      options,
    )
    if (!verdict.ok) because = `is signed by a responder without a valid path: ${verdict.faults[0]?.message}`
    else if (request.anyResponder === true || mayAnswer(basic, verdict.path)) return { ok: true, responder }
    else because = 'is about certificates of a CA that has not certified its responder'
  }
  return { ok: false, because: `the OCSP response ${because}` }
}

/** @param path the responder's */
function mayAnswer({ responses }: BasicOcspResponse, [responder, issuer]: readonly Certificate[]): boolean {
  const authorities = [responder, responder && isForOcsp(responder) ? issuer : undefined]
  return authorities.some((authority) => {
    if (authority === undefined || responses.length === 0) return false
    const isOf = issuerHashMatcher(authority, [authority.subject.der])
    return responses.every(({ certId }) => isOf(certId))
  })
}
