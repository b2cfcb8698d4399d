import { DerReader } from '../asn1/der-reader.js'
import {
  constructed,
  type Encoder,
  encode,
  integer,
  objectIdentifier,
  raw,
  sequence,
  setOf,
} from '../asn1/der-writer.js'
import { contextConstructed } from '../asn1/tags.js'
import { compareBytes } from '../encoding/bytes.js'
import { pemDecode } from '../encoding/pem.js'
import { type Extension, extensions, readExtensions } from './extension.js'
import { checkExtensions } from './known-extensions.js'
import { type Name, readName } from './name.js'
import { readSignedData, type SignedData } from './signed-data.js'
import { unreadable } from './structure-error.js'
import { readSubjectPublicKeyInfo } from './subject-public-key-info.js'

/** What a subscriber asks for and signs (RFC 2986 §4.1). */
export interface CertificationRequestInfo {
  readonly subject: Name
  readonly spkiDer: Uint8Array
  /** All of them, in their order, the extensionRequest too. */
  readonly attributes: readonly RequestAttribute[]
}

export interface RequestAttribute {
  /** OID */
  readonly type: string
  /** Each value whole, DER. RFC 2986 §4.1 has at least one, and some requests have none. */
  readonly valuesDer: readonly Uint8Array[]
}

/** A certification request (CSR) as read. Arrays are views on the input, which must not be written to afterwards. */
export interface CertificateRequest extends CertificationRequestInfo, SignedData {
  readonly der: Uint8Array
  /** What the extensionRequest attribute asks for (RFC 2985 §5.4.2); empty where there is none. */
  readonly extensions: readonly Extension[]
}

/** RFC 2985 §5.4.2. */
export const extensionRequestType = '1.2.840.113549.1.9.14'

/**
 * Parse a certification request, strictly, but for four rules that clients break and that nothing is gained by: the
 * attributes may stand in any order (DER sorts a SET OF, Windows does not) or, where there are none, be left out (pkijs);
 * an attribute may have no value, and an extension may encode `critical FALSE`.
 * Proof of possession is not checked here.
 *
 * @param input DER, or a PEM text with one block
 * @throws {PkiError} `invalid_encoding`, `invalid_der`, `der_limit_exceeded`, `invalid_structure`
 */
export function parseCertificateRequest(input: Uint8Array | string): CertificateRequest {
  // RFC 7468 §7: some write the second label, and parsers may take it.
  const der =
    typeof input === 'string' ? pemDecode(input, 'CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST') : input
  const reader = new DerReader(der)
  const content = reader.sequence()
  reader.finish()
  const { signed, tbs: info } = readSignedData(content)
  content.finish()

  requireVersion1(info)
  const subject = readName(info)
  const spkiDer = readSubjectPublicKeyInfo(info)
  const { attributes, extensions } = readAttributes(info.optionalContext(0))
  info.finish()
  return { der, ...signed, subject, spkiDer, attributes, extensions }
}

function requireVersion1(info: DerReader): void {
  const at = info.offset
  const version = info.smallInteger()
  if (version !== 0) throw unreadable('CertificationRequest', at, `there is no version ${version + 1}`)
}

function readAttributes(set: DerReader | undefined): {
  attributes: RequestAttribute[]
  extensions: readonly Extension[]
} {
  if (set === undefined) return { attributes: [], extensions: [] }
  const attributes: RequestAttribute[] = []
  let extensions: readonly Extension[] | undefined
  while (!set.atEnd) {
    const at = set.offset
    const attribute = set.sequence()
    const type = attribute.objectIdentifier()
    const values = attribute.set()
    attribute.finish()
    attributes.push({ type, valuesDer: readValues(values.clone()) })
    if (type !== extensionRequestType) continue
    if (extensions) throw unreadable('CertificationRequest', at, 'the extensionRequest stands there twice')
    extensions = readExtensionRequest(values)
  }
  return { attributes, extensions: extensions ?? [] }
}

/**
 * SINGLE VALUE TRUE (RFC 2985 §5.4.2). FreeIPA has encoded `critical FALSE`: what a request says of criticality is a
 * wish, and the certificate is written by us.
 */
function readExtensionRequest(values: DerReader): readonly Extension[] {
  if (values.atEnd) return []
  const list = readExtensions(values, (extension) => extension.booleanOrAbsent())
  values.finish()
  checkExtensions(list)
  return list
}

function readValues(values: DerReader): Uint8Array[] {
  const valuesDer: Uint8Array[] = []
  while (!values.atEnd) valuesDer.push(values.readAny())
  return valuesDer
}

/** The attribute that asks for these extensions, at least one. */
export const extensionRequest = (list: readonly Extension[]): RequestAttribute => ({
  type: extensionRequestType,
  valuesDer: [encode(extensions(list))],
})

/** Assemble the CertificationRequestInfo to be signed (RFC 2986 §4.1). Pure: same input, same bytes. */
export function encodeCertificationRequestInfo(info: CertificationRequestInfo): Uint8Array {
  const attributes = info.attributes
    .map((attribute) => encode(requestAttribute(attribute)))
    .sort(compareBytes)
  return encode(
    sequence(
      integer(0),
      raw(info.subject.der),
      raw(info.spkiDer),
      constructed(contextConstructed(0), ...attributes.map(raw)),
    ),
  )
}

const requestAttribute = ({ type, valuesDer }: RequestAttribute): Encoder =>
  sequence(objectIdentifier(type), setOf(valuesDer, compareBytes))
