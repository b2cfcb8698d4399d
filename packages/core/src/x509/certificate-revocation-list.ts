import { DerReader } from '../asn1/der-reader.js'
import { encode, type Encoder, integer, optional, raw, sequence, time } from '../asn1/der-writer.js'
import { Tag } from '../asn1/tags.js'
import { equalBytes } from '../encoding/bytes.js'
import { pemDecode } from '../encoding/pem.js'
import type { Extension } from './extension.js'
import { type Name, readName } from './name.js'
import { optionalExtensions, readOptionalExtensions } from './optional-extensions.js'
import { type CrlEntry, readCrlEntry } from './revoked-certificate.js'
import { type SerialNumber, serialNumber } from './serial-number.js'
import {
  encodeInEnvelope,
  type Envelope,
  readRepeatedAlgorithm,
  readSignedData,
  type SignedData,
} from './signed-data.js'
import { unreadable } from './structure-error.js'

/*
 * A CRL may have a million entries. They are never turned into a million objects: the writer takes them encoded, in slabs
 * (revoked-certificate.ts), and the reader keeps their bytes, checks their form once, and decodes them one by one when
 * they are asked for.
 */

/** What a CRL issuer says in a CRL, apart from its entries (RFC 5280 §5.1.2). */
export interface TbsCertList {
  /** The AlgorithmIdentifier of the signature: `signatureAlgorithms[…].identifierDer`. */
  readonly signatureAlgorithmDer: Uint8Array
  readonly issuer: Name
  /** Whole seconds. */
  readonly thisUpdate: Date
  /** Whole seconds. A conforming issuer always gives it (§5.1.2.5). */
  readonly nextUpdate: Date | undefined
  readonly extensions: readonly Extension[]
}

/** A CRL as read. Arrays are views on the input, which must not be written to afterwards. */
export interface CertificateRevocationList extends TbsCertList, SignedData {
  readonly der: Uint8Array
  /** 2 for everything that is issued today; version 1 has no extensions. */
  readonly version: 1 | 2
  /** The entries, one behind the other; empty where nothing is revoked. */
  readonly entriesDer: Uint8Array
}

/**
 * Parse a CRL, strictly: DER and RFC 5280 §5.1, the extensions of the list well-formed as far as they are known here. Of
 * each entry the serial number and the date are checked, its extensions when it is read. It is not validated: no signature
 * or time is looked at.
 *
 * @param input DER, or a PEM text with one block
 * @throws {PkiError} `invalid_encoding`, `invalid_der`, `der_limit_exceeded`, `invalid_structure`
 */
export function parseCrl(input: Uint8Array | string): CertificateRevocationList {
  const der = typeof input === 'string' ? pemDecode(input, 'X509 CRL') : input
  const reader = new DerReader(der)
  const content = reader.sequence()
  reader.finish()
  const { signed, tbs } = readSignedData(content)
  content.finish()

  const version = readVersion(tbs)
  readRepeatedAlgorithm(tbs, signed, 'CertificateList')
  const issuer = readName(tbs)
  const thisUpdate = tbs.time()
  const hasNextUpdate = tbs.peekTag() === Tag.utcTime || tbs.peekTag() === Tag.generalizedTime
  const nextUpdate = hasNextUpdate ? tbs.time() : undefined
  const entriesDer = readEntriesDer(tbs, version)
  const extensions = version === 2 ? readOptionalExtensions(tbs, 0) : []
  tbs.finish()
  return { der, ...signed, version, issuer, thisUpdate, nextUpdate, entriesDer, extensions }
}

/** §5.1.2.1: absent, or 1 for version 2. */
function readVersion(tbs: DerReader): 1 | 2 {
  if (tbs.peekTag() !== Tag.integer) return 1
  const at = tbs.offset
  const value = tbs.smallInteger()
  if (value !== 1) throw unreadable('CertificateList', at, `there is no version ${value + 1} to be encoded`)
  return 2
}

function readEntriesDer(tbs: DerReader, version: 1 | 2): Uint8Array {
  if (tbs.peekTag() !== Tag.sequence) return new Uint8Array()
  const at = tbs.offset
  const entries = tbs.clone().sequence()
  if (entries.atEnd) throw unreadable('CertificateList', at, 'a list without entries must be left out')
  while (!entries.atEnd) {
    const entry = entries.sequence()
    entry.integerBytes()
    entry.time()
    if (version === 2 && !entry.atEnd) entry.readAny()
    entry.finish()
  }
  return tbs.read(Tag.sequence)
}

/**
 * The entries, decoded one by one.
 *
 * @throws {PkiError} `invalid_der`, `invalid_structure`: an extension of an entry is malformed; the CRL is not usable
 */
export function* crlEntries(crl: CertificateRevocationList): Generator<CrlEntry, void, undefined> {
  const entries = new DerReader(crl.entriesDer)
  while (!entries.atEnd) yield readCrlEntry(entries.sequence())
}

/**
 * The first entry with this serial number. Which issuer it is about is not looked at: an indirect CRL, whose entries are
 * about the certificates of several (§5.3.3), is to be walked with `crlEntries`.
 *
 * @throws {PkiError} as `crlEntries`
 */
export function findCrlEntry(crl: CertificateRevocationList, serial: SerialNumber): CrlEntry | undefined {
  const wanted = new DerReader(encode(serialNumber(serial))).integerBytes()
  const entries = new DerReader(crl.entriesDer)
  while (!entries.atEnd) {
    const entry = entries.sequence()
    const start = entry.clone()
    if (equalBytes(entry.integerBytes(), wanted)) return readCrlEntry(start)
  }
  return undefined
}

/**
 * Assemble the TBSCertList of a version 2 CRL (RFC 5280 §5.1.2). Pure: same input, same bytes; linear, and each entry is
 * copied once.
 *
 * @param slabs the entries, each slab one or more of them, as `encodeRevokedCertificates` makes them
 * @throws {PkiError} `invalid_structure`: a time outside the years 0000 to 9999
 */
export function encodeTbsCertList(tbs: TbsCertList, slabs: readonly Uint8Array[]): Envelope {
  const entriesLength = slabs.reduce((sum, slab) => sum + slab.length, 0)
  const list = sequence(
    integer(1),
    raw(tbs.signatureAlgorithmDer),
    raw(tbs.issuer.der),
    time(tbs.thisUpdate),
    optional(tbs.nextUpdate, time),
    // §5.1.2.6: without revoked certificates the list is absent.
    entriesLength === 0 ? undefined : revokedCertificates(slabs),
    optionalExtensions(tbs.extensions, 0),
  )
  return encodeInEnvelope(list, entriesLength + 2048)
}

/** As `sequence(...slabs.map(raw))`, which a million slabs would spread over the stack. */
const revokedCertificates =
  (slabs: readonly Uint8Array[]): Encoder =>
  (out) => {
    const before = out.length
    for (let i = slabs.length - 1; i >= 0; i--) out.bytes(slabs[i] as Uint8Array)
    out.header(Tag.sequence, before)
  }
