import { platformCrypto } from '../../crypto/platform.js'
import type { CryptoProvider, MaybePromise } from '../../crypto/provider.js'
import { answerAll } from '../../rules/path/questions.js'
import { checkCrls } from '../../rules/path/revocation/check-crls.js'
import { checkOcsp } from '../../rules/path/revocation/check-ocsp.js'
import { CrlPool } from '../../rules/path/revocation/crl-pool.js'
import { SignatureChecks } from '../../rules/path/revocation/signature-checks.js'
import type { RevocationStatus } from '../../rules/path/revocation/revocation-status.js'
import { type Certificate, parseCertificate } from '../../x509/certificate.js'
import { parseCrl } from '../../x509/certificate-revocation-list.js'
import { findExtension } from '../../x509/extension.js'
import { ocspNonce } from '../../x509/extensions/ocsp-nonce.js'
import { namesMatch } from '../../x509/name.js'
import { parseOcspRequest } from '../../x509/ocsp-request.js'
import { parseOcspResponse } from '../../x509/ocsp-response.js'

/** What one list or one answer says of one certificate, whose issuer is trusted already. */
interface StatusQuestion {
  readonly certificate: Uint8Array | string | Certificate
  readonly issuer: Uint8Array | string | Certificate
  readonly at: Date
  /** Oldest thisUpdate that is believed. Default: nextUpdate decides. */
  readonly maximumAgeSeconds?: number
  /** Verify signatures with SHA-1, which has collisions for sale. Default: false. */
  readonly allowSha1?: boolean
  /** Default: that of the platform. */
  readonly crypto?: CryptoProvider
}

/**
 * The status of a certificate by one complete CRL of its issuer (RFC 5280 §6.3.3), without a path.
 *
 * @param question.otherIssuers certificates of the same CA under other keys, trusted as the issuer is
 * @throws {PkiError} `invalid_der` and the like: the list or a certificate cannot be read
 */
export function checkCrl(
  question: StatusQuestion & {
    readonly crl: Uint8Array | string
    readonly otherIssuers?: readonly (Uint8Array | string | Certificate)[]
  },
): MaybePromise<RevocationStatus> {
  const crl = parseCrl(question.crl)
  const [certificate, issuer] = [question.certificate, question.issuer].map(read) as [
    Certificate,
    Certificate,
  ]
  const issuers = [issuer, ...(question.otherIssuers ?? []).map(read)]
  const decision = checkCrls(certificate, {
    at: question.at,
    maximumAgeSeconds: question.maximumAgeSeconds,
    strict: false,
    pool: new CrlPool([crl]),
    signatures: new SignatureChecks(),
    issuers: { certificatesOf: (subject) => issuers.filter((one) => namesMatch(one.subject, subject)) },
  })
  return answerAll(decision, answersOf(question))
}

/**
 * The status of a certificate by an OCSP response (RFC 6960).
 *
 * @param question.request what was sent: its nonce must come back, where the response has one at all (RFC 9654 §2.1)
 * @throws {PkiError} `invalid_der` and the like: the response or a certificate cannot be read
 */
export function checkOcspResponse(
  question: StatusQuestion & { readonly response: Uint8Array; readonly request?: Uint8Array },
): MaybePromise<RevocationStatus> {
  const response = parseOcspResponse(question.response)
  if (response.status !== 'successful') {
    return { kind: 'unknown', because: `the OCSP responder says ${response.status}` }
  }
  const [certificate, issuer] = [question.certificate, question.issuer].map(read) as [
    Certificate,
    Certificate,
  ]
  const sent = question.request && findExtension(parseOcspRequest(question.request).extensions, ocspNonce)
  const hasNonce = findExtension(response.basic.extensions, ocspNonce) !== undefined
  const decision = checkOcsp({ certificate, issuer, nonce: hasNonce ? sent : undefined }, [response.basic], {
    at: question.at,
    maximumAgeSeconds: question.maximumAgeSeconds,
    signatures: new SignatureChecks(),
  })
  return answerAll(decision, answersOf(question))
}

const answersOf = ({ crypto = platformCrypto, allowSha1 = false }: StatusQuestion) => ({ crypto, allowSha1 })

const read = (input: Uint8Array | string | Certificate): Certificate =>
  typeof input === 'object' && 'tbsDer' in input ? input : parseCertificate(input)
