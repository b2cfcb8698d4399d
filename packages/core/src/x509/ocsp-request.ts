import { DerReader } from '../asn1/der-reader.js'
import { encode, sequence, sequenceOf } from '../asn1/der-writer.js'
import { PkiError } from '../errors/pki-error.js'
import { readAlgorithmIdentifier } from '../crypto/algorithm-identifier.js'
import type { Extension } from './extension.js'
import { type CertId, certId, readCertId } from './ocsp-cert-id.js'
import { optionalExtensions, readOptionalExtensions } from './optional-extensions.js'
import { requireDefaultVersion } from './ocsp-version.js'
import { unreadable } from './structure-error.js'

/**
 * Most certificates that one request may ask about. Clients ask about one (RFC 9919 §3.1.1 makes it a MUST in the
 * lightweight profile) or about a chain; each one costs a look-up, and an answer many times the size of the question.
 */
export const maximumCertIds = 16

/** A request for the status of certificates (RFC 6960 §4.1.1). */
export interface OcspRequest {
  /** At least one, at most `maximumCertIds`. */
  readonly requests: readonly SingleRequest[]
  /** Those of the request: the nonce (RFC 9654) among them. */
  readonly extensions: readonly Extension[]
}

export interface SingleRequest {
  readonly certId: CertId
  readonly extensions: readonly Extension[]
}

/**
 * Parse a request, strictly. The requestor's name and signature are optional in OCSP and tell this responder nothing:
 * they must be well-formed and are passed over.
 *
 * @throws {PkiError} `invalid_der`, `invalid_structure`; `der_limit_exceeded`: more than `maximumCertIds`
 */
export function parseOcspRequest(der: Uint8Array): OcspRequest {
  const reader = new DerReader(der)
  const content = reader.sequence()
  reader.finish()
  const tbs = content.sequence()
  passOverSignature(content)
  content.finish()

  requireDefaultVersion(tbs, 'OCSPRequest')
  passOverRequestorName(tbs)
  const requests = readRequestList(tbs.sequence())
  const extensions = readOptionalExtensions(tbs, 2)
  tbs.finish()
  return { requests, extensions }
}

function passOverSignature(content: DerReader): void {
  const wrapper = content.optionalContext(0)
  if (wrapper === undefined) return
  const signature = wrapper.sequence()
  wrapper.finish()
  readAlgorithmIdentifier(signature)
  signature.bitString()
  const certificates = signature.optionalContext(0)
  certificates?.readAny()
  certificates?.finish()
  signature.finish()
}

function passOverRequestorName(tbs: DerReader): void {
  const wrapper = tbs.optionalContext(1)
  wrapper?.readAny()
  wrapper?.finish()
}

function readRequestList(list: DerReader): SingleRequest[] {
  const requests: SingleRequest[] = []
  while (!list.atEnd) {
    if (requests.length === maximumCertIds) {
      throw new PkiError(
        'der_limit_exceeded',
        `Cannot read OCSPRequest at offset ${list.offset}: it asks about more than ${maximumCertIds} certificates`,
        { offset: list.offset, limit: maximumCertIds },
      )
    }
    const request = list.sequence()
    requests.push({ certId: readCertId(request), extensions: readOptionalExtensions(request, 0) })
    request.finish()
  }
  if (requests.length === 0) throw unreadable('OCSPRequest', list.offset, 'it asks about no certificate')
  return requests
}

/** A request without requestor name and signature. */
export const encodeOcspRequest = (request: OcspRequest): Uint8Array =>
  encode(
    sequence(
      sequence(
        sequenceOf(request.requests, (single) =>
          sequence(certId(single.certId), optionalExtensions(single.extensions, 0)),
        ),
        optionalExtensions(request.extensions, 2),
      ),
    ),
  )
