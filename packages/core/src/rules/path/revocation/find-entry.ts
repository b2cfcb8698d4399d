import { DerReader } from '../../../asn1/der-reader.js'
import { encode, objectIdentifier } from '../../../asn1/der-writer.js'
import { Tag } from '../../../asn1/tags.js'
import { equalBytes } from '../../../encoding/bytes.js'
import { isPkiError } from '../../../errors/pki-error.js'
import type { Certificate } from '../../../x509/certificate.js'
import type { CertificateRevocationList } from '../../../x509/certificate-revocation-list.js'
import { findExtension, readExtensions } from '../../../x509/extension.js'
import { certificateIssuer } from '../../../x509/extensions/certificate-issuer.js'
import { invalidityDate } from '../../../x509/extensions/invalidity-date.js'
import { issuerAltName } from '../../../x509/extensions/issuer-alt-name.js'
import { issuingDistributionPoint } from '../../../x509/extensions/issuing-distribution-point.js'
import { reasonCode } from '../../../x509/extensions/reason-code.js'
import type { GeneralName } from '../../../x509/general-name.js'
import { namesMatch } from '../../../x509/name.js'
import { type CrlEntry, readCrlEntry } from '../../../x509/revoked-certificate.js'
import { serialNumber } from '../../../x509/serial-number.js'
import { sharesName } from './crl-scope.js'

/*
 * What a CRL says of a certificate. The whole list is walked even when the entry is found: a critical extension of any
 * entry makes the list unusable (RFC 5280 §5.3), and in an indirect CRL an entry is about the issuer that an earlier one
 * has named (§5.3.3). So that a million entries take a fraction of a second, the walk makes no objects: it goes from
 * header to header over bytes that the parser has found to be DER.
 */

export type EntrySearch =
  | { readonly kind: 'found'; readonly entry: CrlEntry }
  | { readonly kind: 'absent' }
  /** "the application MUST NOT use that CRL to determine the status of any certificates" (§5.3). */
  | { readonly kind: 'unusable'; readonly because: string }

export function findEntry(crl: CertificateRevocationList, certificate: Certificate): EntrySearch {
  try {
    return walk(crl, certificate)
  } catch (error) {
    if (isPkiError(error)) return { kind: 'unusable', because: `has an unreadable entry: ${error.message}` }
    throw error
  }
}

function walk(crl: CertificateRevocationList, certificate: Certificate): EntrySearch {
  const der = crl.entriesDer
  const wanted = encode(serialNumber(certificate.serialNumber))
  const issuers = new EntryIssuers(crl, certificate)
  let found: CrlEntry | undefined
  for (let at = 0; at < der.length; at = elementEnd(der, at)) {
    const serial = contentStart(der, at)
    const date = elementEnd(der, serial)
    const extensions = elementEnd(der, date)
    const end = elementEnd(der, at)
    if (extensions < end) {
      const kind = examineExtensions(der, extensions, end)
      if (kind === 'refused') return { kind: 'unusable', because: refusal(der.subarray(extensions, end)) }
      if (kind === 'namesIssuer' && !issuers.read(der.subarray(extensions, end))) {
        return { kind: 'unusable', because: 'has entries of other issuers and is no indirect CRL' }
      }
    }
    // Nobody should list a certificate twice; of whoever does, the bad news counts.
    const isOpen = found === undefined || found.reason === 'removeFromCRL'
    if (isOpen && issuers.areWanted && startsWith(der, serial, wanted)) {
      found = readCrlEntry(new DerReader(der.subarray(at, end)).sequence())
    }
  }
  return found === undefined ? { kind: 'absent' } : { kind: 'found', entry: found }
}

/** Whose certificates the entries are about: the CRL issuer's, until one names another. */
class EntryIssuers {
  areWanted: boolean
  readonly #wantedNames: readonly GeneralName[]
  readonly #isIndirect: boolean
  #last = new Uint8Array()

  constructor(crl: CertificateRevocationList, { issuer, extensions }: Certificate) {
    this.#wantedNames = [
      { type: 'directoryName', name: issuer },
      ...(findExtension(extensions, issuerAltName) ?? []),
    ]
    this.#isIndirect = findExtension(crl.extensions, issuingDistributionPoint)?.indirectCRL === true
    this.areWanted = namesMatch(crl.issuer, issuer)
  }

  /** @returns whether the list may name issuers at all, this one aside */
  read(extensionsDer: Uint8Array): boolean {
    // Who lists a thousand certificates of one issuer may name it a thousand times.
    if (equalBytes(extensionsDer, this.#last)) return true
    this.#last = extensionsDer.slice()
    const names = findExtension(readExtensions(new DerReader(extensionsDer)), certificateIssuer) ?? []
    const areWanted = sharesName(names, this.#wantedNames)
    if (!this.#isIndirect && areWanted !== this.areWanted) return false
    this.areWanted = areWanted
    return true
  }
}

const processed: readonly string[] = [reasonCode.oid, invalidityDate.oid, certificateIssuer.oid]
const processedIds = processed.map((oid) => encode(objectIdentifier(oid)))
const certificateIssuerId = encode(objectIdentifier(certificateIssuer.oid))

/** What the extensions of an entry ask for; malformed ones, and critical ones that are not processed, are refused. */
function examineExtensions(der: Uint8Array, start: number, end: number): 'plain' | 'namesIssuer' | 'refused' {
  if (der[start] !== Tag.sequence) return 'refused'
  let namesIssuer = false
  for (let at = contentStart(der, start); at < end; at = elementEnd(der, at)) {
    const id = contentStart(der, at)
    if (der[at] !== Tag.sequence || der[id] !== Tag.objectIdentifier) return 'refused'
    const isIssuer = startsWith(der, id, certificateIssuerId)
    namesIssuer ||= isIssuer
    let value = elementEnd(der, id)
    if (der[value] === Tag.boolean) {
      if (!processedIds.some((known) => startsWith(der, id, known))) return 'refused'
      value = elementEnd(der, value)
    }
    if (der[value] !== Tag.octetString || elementEnd(der, value) !== elementEnd(der, at)) return 'refused'
  }
  return namesIssuer ? 'namesIssuer' : 'plain'
}

/** @throws {PkiError} the extensions are malformed, which is what is to be told */
function refusal(extensionsDer: Uint8Array): string {
  const extensions = readExtensions(new DerReader(extensionsDer))
  const unknown = extensions.find(({ critical, oid }) => critical && !processed.includes(oid))
  return `has an entry with the critical extension ${unknown?.oid ?? ''}`
}

/** Where the content of the element at `at` starts: the parser has checked that it is there and that DER is kept. */
function contentStart(der: Uint8Array, at: number): number {
  const length = der[at + 1] as number
  return at + 2 + (length < 0x80 ? 0 : length & 0x7f)
}

function elementEnd(der: Uint8Array, at: number): number {
  const first = der[at + 1] as number
  if (first < 0x80) return at + 2 + first
  const start = contentStart(der, at)
  let length = 0
  for (let i = at + 2; i < start; i++) length = length * 256 + (der[i] as number)
  return start + length
}

function startsWith(der: Uint8Array, at: number, prefix: Uint8Array): boolean {
  for (let i = 0; i < prefix.length; i++) if (der[at + i] !== prefix[i]) return false
  return true
}
