import { DerReader } from '../../../asn1/der-reader.js'
import { encode } from '../../../asn1/der-writer.js'
import { equalBytes } from '../../../encoding/bytes.js'
import type { Certificate } from '../../../x509/certificate.js'
import type { CertificateRevocationList } from '../../../x509/certificate-revocation-list.js'
import { type Extension, findExtension, readExtensions } from '../../../x509/extension.js'
import { certificateIssuer } from '../../../x509/extensions/certificate-issuer.js'
import { invalidityDate } from '../../../x509/extensions/invalidity-date.js'
import { reasonCode } from '../../../x509/extensions/reason-code.js'
import { type Name, namesMatch } from '../../../x509/name.js'
import { type CrlEntry, readCrlEntry } from '../../../x509/revoked-certificate.js'
import { serialNumber } from '../../../x509/serial-number.js'

const processed: ReadonlySet<string> = new Set([reasonCode.oid, certificateIssuer.oid, invalidityDate.oid])

export type EntrySearch =
  | { readonly kind: 'found'; readonly entry: CrlEntry }
  | { readonly kind: 'absent' }
  /** §5.3: "the application MUST NOT use that CRL to determine the status of any certificates". */
  | { readonly kind: 'unusable'; readonly oid: string }

/**
 * What a CRL says of a certificate. The whole list is walked, for a critical extension of any entry makes it unusable,
 * and in an indirect CRL an entry is about the issuer that an earlier one has named (§5.3.3). A list of a million
 * entries has a handful of different extensions: those that were just seen are compared as bytes.
 */
export function findEntry(crl: CertificateRevocationList, certificate: Certificate): EntrySearch {
  const wanted = new DerReader(encode(serialNumber(certificate.serialNumber))).integerBytes()
  const entries = new DerReader(crl.entriesDer)
  let issuer: Name = crl.issuer
  let isWantedIssuer = namesMatch(issuer, certificate.issuer)
  let harmless = new Uint8Array()
  let found: CrlEntry | undefined
  while (!entries.atEnd) {
    const content = entries.sequence()
    const start = content.clone()
    const serial = content.integerBytes()
    content.time()
    if (!content.atEnd) {
      const extensionsDer = content.clone().readAny()
      if (!equalBytes(extensionsDer, harmless)) {
        const extensions = readExtensions(content)
        const unknown = extensions.find(({ critical, oid }) => critical && !processed.has(oid))
        if (unknown !== undefined) return { kind: 'unusable', oid: unknown.oid }
        const named = issuerNamedIn(extensions)
        if (named === undefined) {
          harmless = extensionsDer.slice()
        } else {
          issuer = named
          isWantedIssuer = namesMatch(issuer, certificate.issuer)
        }
      }
    }
    if (found === undefined && isWantedIssuer && equalBytes(serial, wanted)) found = readCrlEntry(start)
  }
  return found === undefined ? { kind: 'absent' } : { kind: 'found', entry: found }
}

function issuerNamedIn(extensions: readonly Extension[]): Name | undefined {
  const names = findExtension(extensions, certificateIssuer)
  const directory = names?.find((name) => name.type === 'directoryName')
  return directory?.type === 'directoryName' ? directory.name : undefined
}
