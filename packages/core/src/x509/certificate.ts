import { type BitString, DerReader } from '../asn1/der-reader.js'
import { encode, explicit, integer, raw, sequence, time } from '../asn1/der-writer.js'
import { contextPrimitive } from '../asn1/tags.js'
import { pemDecode, pemDecodeAll, pemEncode } from '../encoding/pem.js'
import { PkiError } from '../errors/pki-error.js'
import type { Extension } from './extension.js'
import { type Name, readName } from './name.js'
import { optionalExtensions, readOptionalExtensions } from './optional-extensions.js'
import { readSerialNumber, type SerialNumber, serialNumber } from './serial-number.js'
import { readRepeatedAlgorithm, readSignedData, type SignedData } from './signed-data.js'
import { unreadable } from './structure-error.js'
import { readSubjectPublicKeyInfo } from './subject-public-key-info.js'

/** What a CA says in a certificate (RFC 5280 §4.1.2): what `encodeTbsCertificate` writes and a parser reads. */
export interface TbsCertificate {
  readonly serialNumber: SerialNumber
  /** The AlgorithmIdentifier of the signature: `signatureAlgorithms[…].identifierDer`. */
  readonly signatureAlgorithmDer: Uint8Array
  readonly issuer: Name
  /** Whole seconds; the first second of validity. */
  readonly notBefore: Date
  /** Whole seconds; the last second of validity, inclusive (§4.1.2.5). */
  readonly notAfter: Date
  readonly subject: Name
  /** SubjectPublicKeyInfo. Its key is examined by `parsePublicKey`, not here: a relying party may meet any algorithm. */
  readonly spkiDer: Uint8Array
  /** In the order of the certificate, which is kept. */
  readonly extensions: readonly Extension[]
}

/** What a certificate says, as read. */
export interface CertificateContent extends TbsCertificate {
  /** 3 for everything that is issued today. Only version 3 has extensions, only 2 and 3 have unique identifiers. */
  readonly version: CertificateVersion
  /** §4.1.2.8: old CAs told apart reused names with them. They have no part in the comparison of names. */
  readonly issuerUniqueId: BitString | undefined
  readonly subjectUniqueId: BitString | undefined
}

/** A certificate as read. Arrays are views on the input, which must not be written to afterwards. */
export interface Certificate extends CertificateContent, SignedData {
  readonly der: Uint8Array
}

export type CertificateVersion = 1 | 2 | 3

/**
 * Parse one certificate, strictly: DER, RFC 5280 §4.1, and every extension that is known here well-formed, so that
 * nothing which was parsed fails later. It is not validated: no signature, time or path is looked at.
 *
 * @param input DER, or a PEM text with one block
 * @throws {PkiError} `invalid_encoding`, `invalid_der`, `der_limit_exceeded`, `invalid_structure`
 */
export function parseCertificate(input: Uint8Array | string): Certificate {
  const der = typeof input === 'string' ? pemDecode(input, 'CERTIFICATE') : input
  const reader = new DerReader(der)
  const content = reader.sequence()
  reader.finish()
  const { signed, tbs } = readSignedData(content)
  content.finish()
  return { der, ...signed, ...readTbsCertificate(tbs, signed) }
}

/**
 * Parse what is yet to be signed, as strictly as `parseCertificate` does.
 *
 * @throws {PkiError} `invalid_der`, `der_limit_exceeded`, `invalid_structure`
 */
export function parseTbsCertificate(tbsDer: Uint8Array): CertificateContent {
  const reader = new DerReader(tbsDer)
  const tbs = reader.sequence()
  reader.finish()
  return readTbsCertificate(tbs)
}

/**
 * Parse a bundle of certificates, in its order.
 *
 * @param input PEM blocks, at least one and all of them certificates; or the DER of one certificate
 * @throws {PkiError} as `parseCertificate`
 */
export function parseCertificates(input: Uint8Array | string): Certificate[] {
  if (typeof input !== 'string') return [parseCertificate(input)]
  const blocks = pemDecodeAll(input)
  const foreign = blocks.find(({ label }) => label !== 'CERTIFICATE')
  if (blocks.length === 0 || foreign) {
    const state = foreign ? `it has a block "${foreign.label}"` : 'it has no block "CERTIFICATE"'
    throw new PkiError('invalid_encoding', `Cannot read certificates: ${state}`, { encoding: 'pem' })
  }
  return blocks.map(({ der }) => parseCertificate(der))
}

export const certificatePem = (certificate: { readonly der: Uint8Array }): string =>
  pemEncode('CERTIFICATE', certificate.der)

function readTbsCertificate(tbs: DerReader, signed?: SignedData): CertificateContent {
  const version = readVersion(tbs)
  const serialNumber = readSerialNumber(tbs)
  const signatureAlgorithmDer = readRepeatedAlgorithm(tbs, signed, 'Certificate')
  const issuer = readName(tbs)
  const validity = tbs.sequence()
  const notBefore = validity.time()
  const notAfter = validity.time()
  validity.finish()
  const subject = readName(tbs)
  const spkiDer = readSubjectPublicKeyInfo(tbs)
  const issuerUniqueId = version === 1 ? undefined : readUniqueId(tbs, 1)
  const subjectUniqueId = version === 1 ? undefined : readUniqueId(tbs, 2)
  const extensions = version === 3 ? readOptionalExtensions(tbs, 3) : []
  tbs.finish()
  return {
    version,
    serialNumber,
    signatureAlgorithmDer,
    issuer,
    notBefore,
    notAfter,
    subject,
    spkiDer,
    issuerUniqueId,
    subjectUniqueId,
    extensions,
  }
}

/** `[0] EXPLICIT INTEGER DEFAULT v1`: the default is absent (X.690 §11.5). */
function readVersion(tbs: DerReader): CertificateVersion {
  const at = tbs.offset
  const wrapper = tbs.optionalContext(0)
  if (wrapper === undefined) return 1
  const value = wrapper.smallInteger()
  wrapper.finish()
  if (value === 1) return 2
  if (value === 2) return 3
  throw unreadable(
    'Certificate',
    at,
    value === 0 ? 'the default version 1 is encoded' : `there is no version ${value + 1}`,
  )
}

function readUniqueId(tbs: DerReader, number: 1 | 2): BitString | undefined {
  const tag = contextPrimitive(number)
  return tbs.peekTag() === tag ? tbs.bitString(tag) : undefined
}

/**
 * Assemble the TBSCertificate of a version 3 certificate (RFC 5280 §4.1.2). Pure: same input, same bytes. What is allowed
 * in it is not decided here: profile and lints do that.
 *
 * @throws {PkiError} `invalid_structure`: a time outside the years 0000 to 9999
 */
export function encodeTbsCertificate(tbs: TbsCertificate): Uint8Array {
  return encode(
    sequence(
      explicit(0, integer(2)),
      serialNumber(tbs.serialNumber),
      raw(tbs.signatureAlgorithmDer),
      raw(tbs.issuer.der),
      sequence(time(tbs.notBefore), time(tbs.notAfter)),
      raw(tbs.subject.der),
      raw(tbs.spkiDer),
      optionalExtensions(tbs.extensions, 3),
    ),
  )
}
