import type { DerReader } from '../asn1/der-reader.js'
import {
  constructed,
  type Encoder,
  encode,
  explicit,
  generalizedTime,
  octetString,
  optional,
  primitive,
  raw,
  sequence,
  sequenceOf,
} from '../asn1/der-writer.js'
import { contextConstructed, contextPrimitive, Tag } from '../asn1/tags.js'
import { type CrlReason, crlReason, readCrlReason } from './crl-reason.js'
import type { Extension } from './extension.js'
import { type Name, readName } from './name.js'
import { type CertId, certId, readCertId } from './ocsp-cert-id.js'
import { requireDefaultVersion } from './ocsp-version.js'
import { optionalExtensions, readOptionalExtensions } from './optional-extensions.js'
import { readSignedData, type SignedData, signedData } from './signed-data.js'
import { unreadable } from './structure-error.js'

/** What a responder says and signs (RFC 6960 §4.2.1). */
export interface OcspResponseData {
  readonly responderId: ResponderId
  /** Whole seconds. */
  readonly producedAt: Date
  readonly responses: readonly SingleResponse[]
  /** Those of the response: the nonce (RFC 9654) among them. */
  readonly extensions: readonly Extension[]
}

/** The subject of the responder's certificate, or the SHA-1 of its key (the content of the BIT STRING). */
export type ResponderId = { readonly byName: Name } | { readonly byKey: Uint8Array }

export interface SingleResponse {
  readonly certId: CertId
  readonly status: CertStatus
  /** When this was known to be right. */
  readonly thisUpdate: Date
  /** When something newer will be there; `undefined`: something newer is always there (§4.2.2.1). */
  readonly nextUpdate: Date | undefined
  readonly extensions: readonly Extension[]
}

/** `unknown`: the responder does not answer for this issuer. */
export type CertStatus =
  | { readonly kind: 'good' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'revoked'; readonly revocationTime: Date; readonly reason: CrlReason | undefined }

/** A signed answer as read. */
export interface BasicOcspResponse extends SignedData, OcspResponseData {
  /** Certificates that lead to the responder's, DER, not parsed: most clients have them. */
  readonly certificatesDer: readonly Uint8Array[]
}

export function readBasicOcspResponse(reader: DerReader): BasicOcspResponse {
  const content = reader.sequence()
  const { signed, tbs } = readSignedData(content)
  const certificatesDer = readCertificates(content)
  content.finish()
  return { ...signed, ...readResponseData(tbs), certificatesDer }
}

function readCertificates(content: DerReader): Uint8Array[] {
  const wrapper = content.optionalContext(0)
  if (wrapper === undefined) return []
  const list = wrapper.sequence()
  wrapper.finish()
  const certificates: Uint8Array[] = []
  while (!list.atEnd) certificates.push(list.readElement(Tag.sequence))
  return certificates
}

function readResponseData(tbs: DerReader): OcspResponseData {
  requireDefaultVersion(tbs, 'ResponseData')
  const responderId = readResponderId(tbs)
  const producedAt = tbs.generalizedTime()
  const list = tbs.sequence()
  const responses: SingleResponse[] = []
  while (!list.atEnd) responses.push(readSingleResponse(list.sequence()))
  const extensions = readOptionalExtensions(tbs, 1)
  tbs.finish()
  return { responderId, producedAt, responses, extensions }
}

function readResponderId(tbs: DerReader): ResponderId {
  const byName = tbs.optionalContext(1)
  if (byName) {
    const name = readName(byName)
    byName.finish()
    return { byName: name }
  }
  const byKey = tbs.enter(contextConstructed(2))
  const keyHash = byKey.octetString()
  byKey.finish()
  return { byKey: keyHash }
}

function readSingleResponse(content: DerReader): SingleResponse {
  const certId = readCertId(content)
  const status = readCertStatus(content)
  const thisUpdate = content.generalizedTime()
  const wrapper = content.optionalContext(0)
  const nextUpdate = wrapper?.generalizedTime()
  wrapper?.finish()
  const extensions = readOptionalExtensions(content, 1)
  content.finish()
  return { certId, status, thisUpdate, nextUpdate, extensions }
}

function readCertStatus(content: DerReader): CertStatus {
  const at = content.offset
  switch (content.peekTag()) {
    case contextPrimitive(0):
      content.null(contextPrimitive(0))
      return { kind: 'good' }
    case contextPrimitive(2):
      content.null(contextPrimitive(2))
      return { kind: 'unknown' }
    case contextConstructed(1): {
      const info = content.enter(contextConstructed(1))
      const revocationTime = info.generalizedTime()
      const wrapper = info.optionalContext(0)
      const reason = wrapper && readCrlReason(wrapper)
      wrapper?.finish()
      info.finish()
      return { kind: 'revoked', revocationTime, reason }
    }
    default:
      throw unreadable('CertStatus', at, 'it is neither good nor revoked nor unknown')
  }
}

/**
 * Assemble the ResponseData to be signed (RFC 6960 §4.2.1). Pure: same input, same bytes. A reason `unspecified` is left
 * out (RFC 5280 §5.3.1).
 */
export const encodeResponseData = (data: OcspResponseData): Uint8Array =>
  encode(
    sequence(
      responderId(data.responderId),
      generalizedTime(data.producedAt),
      sequenceOf(data.responses, singleResponse),
      optionalExtensions(data.extensions, 1),
    ),
  )

const responderId = (id: ResponderId): Encoder =>
  'byName' in id ? explicit(1, raw(id.byName.der)) : explicit(2, octetString(id.byKey))

const singleResponse = (response: SingleResponse): Encoder =>
  sequence(
    certId(response.certId),
    certStatus(response.status),
    generalizedTime(response.thisUpdate),
    optional(response.nextUpdate, (nextUpdate) => explicit(0, generalizedTime(nextUpdate))),
    optionalExtensions(response.extensions, 1),
  )

function certStatus(status: CertStatus): Encoder {
  if (status.kind !== 'revoked')
    return primitive(contextPrimitive(status.kind === 'good' ? 0 : 2), new Uint8Array())
  return constructed(
    contextConstructed(1),
    generalizedTime(status.revocationTime),
    status.reason === undefined || status.reason === 'unspecified'
      ? undefined
      : explicit(0, crlReason(status.reason)),
  )
}

/** @param certificatesDer what the client needs to find the responder's key, its own certificate first */
export const basicOcspResponse = (signed: SignedData, certificatesDer: readonly Uint8Array[]): Encoder =>
  signedData(signed, certificatesDer.length === 0 ? undefined : explicit(0, sequenceOf(certificatesDer, raw)))
