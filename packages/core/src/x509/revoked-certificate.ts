import { DerReader } from '../asn1/der-reader.js'
import {
  DerWriter,
  encode,
  type Encoder,
  optional,
  type OptionalEncoder,
  raw,
  sequence,
  time,
} from '../asn1/der-writer.js'
import type { CrlReason } from './crl-reason.js'
import { createExtension, type Extension, extensions, findExtension, readExtensions } from './extension.js'
import { certificateIssuer } from './extensions/certificate-issuer.js'
import { invalidityDate } from './extensions/invalidity-date.js'
import { reasonCode } from './extensions/reason-code.js'
import type { GeneralName } from './general-name.js'
import { readSerialNumber, type SerialNumber, serialNumber } from './serial-number.js'

/** One entry of a CRL (RFC 5280 §5.1.2.6, §5.3). */
export interface RevokedCertificate {
  readonly serialNumber: SerialNumber
  /** Whole seconds. */
  readonly revocationDate: Date
  /** Absent says the same as `unspecified`, which is therefore not written (§5.3.1). */
  readonly reason?: CrlReason | undefined
  /** When the key became unsafe, as far as known: it may lie before the revocation (§5.3.2). Whole seconds. */
  readonly invalidityDate?: Date | undefined
  /** In an indirect CRL: whose certificates this entry and the ones behind it are about (§5.3.3). */
  readonly certificateIssuer?: readonly GeneralName[] | undefined
}

/** An entry as read: an unknown extension that is critical makes the CRL unusable (§5.3), so all are there. */
export interface CrlEntry extends RevokedCertificate {
  readonly extensions: readonly Extension[]
}

/**
 * @param content a reader on the content of one entry
 * @throws {PkiError} `invalid_der`, `invalid_structure`
 */
export function readCrlEntry(content: DerReader): CrlEntry {
  const serialNumber = readSerialNumber(content)
  const revocationDate = content.time()
  const extensions = content.atEnd ? [] : readExtensions(content)
  content.finish()
  return {
    serialNumber,
    revocationDate,
    reason: findExtension(extensions, reasonCode),
    invalidityDate: findExtension(extensions, invalidityDate),
    certificateIssuer: findExtension(extensions, certificateIssuer),
    extensions,
  }
}

/**
 * Read one entry that was encoded by itself.
 *
 * @throws {PkiError} `invalid_der`, `invalid_structure`
 */
export function readRevokedCertificate(der: Uint8Array): CrlEntry {
  const reader = new DerReader(der)
  const entry = readCrlEntry(reader.sequence())
  reader.finish()
  return entry
}

/**
 * Encode entries, one behind the other: a slab for `encodeTbsCertList`. A store can keep the slab of each revocation, or
 * a CA encode page by page what it reads.
 */
export function encodeRevokedCertificates(entries: readonly RevokedCertificate[]): Uint8Array {
  const out = new DerWriter(64 * entries.length)
  for (let i = entries.length - 1; i >= 0; i--) revokedCertificate(entries[i] as RevokedCertificate)(out)
  return out.finish()
}

const revokedCertificate = (entry: RevokedCertificate): Encoder =>
  sequence(serialNumber(entry.serialNumber), time(entry.revocationDate), entryExtensions(entry))

function entryExtensions(entry: RevokedCertificate): OptionalEncoder {
  if (entry.invalidityDate === undefined && entry.certificateIssuer === undefined) {
    return optional(entry.reason, reasonAlone)
  }
  const list: Extension[] = []
  if (entry.reason !== undefined && entry.reason !== 'unspecified') {
    list.push(createExtension(reasonCode, entry.reason, { critical: false }))
  }
  if (entry.invalidityDate !== undefined) {
    list.push(createExtension(invalidityDate, entry.invalidityDate, { critical: false }))
  }
  if (entry.certificateIssuer !== undefined) {
    list.push(createExtension(certificateIssuer, entry.certificateIssuer, { critical: true }))
  }
  return extensions(list)
}

const encodedReasons = new Map<CrlReason, Encoder>()

/** Nearly every entry has a reason and nothing else, and there are ten reasons. */
function reasonAlone(reason: CrlReason): Encoder {
  let encoder = encodedReasons.get(reason)
  if (encoder === undefined) {
    const der =
      reason === 'unspecified'
        ? new Uint8Array()
        : encode(extensions([createExtension(reasonCode, reason, { critical: false })]))
    encoder = raw(der)
    encodedReasons.set(reason, encoder)
  }
  return encoder
}
