import { DerReader } from '../asn1/der-reader.js'
import {
  encode,
  enumerated,
  explicit,
  objectIdentifier,
  octetStringOf,
  sequence,
} from '../asn1/der-writer.js'
import { Tag } from '../asn1/tags.js'
import { type BasicOcspResponse, basicOcspResponse, readBasicOcspResponse } from './ocsp-basic-response.js'
import type { SignedData } from './signed-data.js'
import { unreadable } from './structure-error.js'

/** RFC 6960 §4.2.1; 4 is not used. */
const responseStatuses = {
  successful: 0,
  malformedRequest: 1,
  internalError: 2,
  tryLater: 3,
  sigRequired: 5,
  unauthorized: 6,
} as const

export type OcspResponseStatus = keyof typeof responseStatuses

/** What a responder says instead of an answer. It is not signed: anybody on the way can say it. */
export type OcspErrorStatus = Exclude<OcspResponseStatus, 'successful'>

export type OcspResponse =
  | { readonly status: 'successful'; readonly basic: BasicOcspResponse }
  | { readonly status: OcspErrorStatus }

const idPkixOcspBasic = '1.3.6.1.5.5.7.48.1.1'

/**
 * Parse a response, strictly (RFC 6960 §4.2.1). It is not validated: no signature, time or responder is looked at.
 *
 * @throws {PkiError} `invalid_der`, `der_limit_exceeded`, `invalid_structure`
 */
export function parseOcspResponse(der: Uint8Array): OcspResponse {
  const reader = new DerReader(der)
  const content = reader.sequence()
  reader.finish()
  const status = readStatus(content)
  const at = content.offset
  const wrapper = content.optionalContext(0)
  content.finish()
  if (status !== 'successful') {
    if (wrapper) throw unreadable('OCSPResponse', at, `it has a response although its status is ${status}`)
    return { status }
  }
  if (wrapper === undefined) throw unreadable('OCSPResponse', at, 'it is successful and has no response')
  const responseBytes = wrapper.sequence()
  wrapper.finish()
  const type = responseBytes.objectIdentifier()
  if (type !== idPkixOcspBasic)
    throw unreadable('OCSPResponse', at, `the response type ${type} is not the basic one`)
  const response = responseBytes.enter(Tag.octetString)
  responseBytes.finish()
  const basic = readBasicOcspResponse(response)
  response.finish()
  return { status, basic }
}

function readStatus(content: DerReader): OcspResponseStatus {
  const at = content.offset
  const number = content.smallInteger(undefined, Tag.enumerated)
  for (const [status, value] of Object.entries(responseStatuses)) {
    if (value === number) return status as OcspResponseStatus
  }
  throw unreadable('OCSPResponse', at, `there is no response status ${number}`)
}

/**
 * @param signed what `encodeResponseData` gives, signed
 * @param certificatesDer what the client needs to find the responder's key, its own certificate first
 */
export const encodeOcspResponse = (signed: SignedData, certificatesDer: readonly Uint8Array[]): Uint8Array =>
  encode(
    sequence(
      enumerated(responseStatuses.successful),
      explicit(
        0,
        sequence(
          objectIdentifier(idPkixOcspBasic),
          octetStringOf(basicOcspResponse(signed, certificatesDer)),
        ),
      ),
    ),
  )

/** A response without an answer, five octets. */
export const encodeOcspError = (status: OcspErrorStatus): Uint8Array =>
  encode(sequence(enumerated(responseStatuses[status])))
