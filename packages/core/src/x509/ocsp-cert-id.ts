import type { DerReader } from '../asn1/der-reader.js'
import { type Encoder, octetString, raw, sequence } from '../asn1/der-writer.js'
import { equalBytes } from '../encoding/bytes.js'
import { readAlgorithmIdentifier } from '../crypto/algorithm-identifier.js'
import type { DigestAlgorithm } from '../crypto/algorithm-names.js'
import { readSerialNumber, type SerialNumber, serialNumber } from './serial-number.js'

/** What a client asks about (RFC 6960 §4.1.1). */
export interface CertId {
  /** The AlgorithmIdentifier of the digest. SHA-1 is still what most clients send, with NULL parameters or without. */
  readonly hashAlgorithmDer: Uint8Array
  /** Its OID. */
  readonly hashAlgorithm: string
  /** Digest of the issuer's Name, DER. */
  readonly issuerNameHash: Uint8Array
  /** Digest of the issuer's key: the content of the BIT STRING in its SubjectPublicKeyInfo. */
  readonly issuerKeyHash: Uint8Array
  readonly serialNumber: SerialNumber
}

/** By the OID of `hashAlgorithm`. RFC 6960 §4.3 has clients send SHA-1, RFC 9919 SHA-256. */
export const certIdDigests: Readonly<Record<string, DigestAlgorithm>> = {
  '1.3.14.3.2.26': 'SHA-1',
  '2.16.840.1.101.3.4.2.1': 'SHA-256',
  '2.16.840.1.101.3.4.2.2': 'SHA-384',
  '2.16.840.1.101.3.4.2.3': 'SHA-512',
}

export function readCertId(reader: DerReader): CertId {
  const content = reader.sequence()
  const { oid, der } = readAlgorithmIdentifier(content)
  const certId = {
    hashAlgorithmDer: der,
    hashAlgorithm: oid,
    issuerNameHash: content.octetString(),
    issuerKeyHash: content.octetString(),
    serialNumber: readSerialNumber(content),
  }
  content.finish()
  return certId
}

/** Written as it was read: a client compares the CertID of the answer with its own, parameters included. */
export const certId = (value: Omit<CertId, 'hashAlgorithm'>): Encoder =>
  sequence(
    raw(value.hashAlgorithmDer),
    octetString(value.issuerNameHash),
    octetString(value.issuerKeyHash),
    serialNumber(value.serialNumber),
  )

/** The same certificate under the same digest; the parameters of the AlgorithmIdentifier do not count. */
export function certIdsMatch(a: CertId, b: CertId): boolean {
  return (
    a.hashAlgorithm === b.hashAlgorithm &&
    a.serialNumber === b.serialNumber &&
    equalBytes(a.issuerNameHash, b.issuerNameHash) &&
    equalBytes(a.issuerKeyHash, b.issuerKeyHash)
  )
}
