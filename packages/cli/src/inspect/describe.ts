import {
  type Certificate,
  type CertificateRequest,
  type CertificateRevocationList,
  type CrlEntry,
  crlEntries,
  formatGeneralName,
  formatName,
  parseCertificate,
  parseCertificateRequest,
  parseCrl,
  parseOcspRequest,
  parseOcspResponse,
} from '@certwright/core'
import { describeExtensions } from './describe-extensions.js'
import { describePublicKey, signatureAlgorithmName } from './describe-key.js'
import { describeOcspRequest, describeOcspResponse } from './describe-ocsp.js'
import { isoTime, sha256Hex } from './forms.js'
import type { Fields } from './item.js'
import type { Structure } from './kind.js'
import { updateState, validityState } from './time-left.js'

const describers: Readonly<Record<Structure, (der: Uint8Array, now: Date) => Fields>> = {
  certificate: (der, now) => describeCertificate(parseCertificate(der), now),
  certificateRequest: (der) => describeRequest(parseCertificateRequest(der)),
  crl: (der, now) => describeCrl(parseCrl(der), now),
  ocspRequest: (der) => describeOcspRequest(parseOcspRequest(der)),
  ocspResponse: (der, now) => describeOcspResponse(parseOcspResponse(der), now),
  publicKey: (der) => describePublicKey(der),
}

/**
 * What a structure says, in the order of the standard. Nothing is verified.
 *
 * @throws {PkiError} it is malformed
 */
export function describe(kind: Structure, der: Uint8Array, now: Date): Fields {
  return describers[kind](der, now)
}

function describeCertificate(certificate: Certificate, now: Date): Fields {
  return {
    version: certificate.version,
    serialNumber: certificate.serialNumber,
    issuer: formatName(certificate.issuer),
    subject: formatName(certificate.subject),
    notBefore: isoTime(certificate.notBefore),
    notAfter: isoTime(certificate.notAfter),
    validity: validityState(certificate, now),
    publicKey: describePublicKey(certificate.spkiDer),
    extensions: describeExtensions(certificate.extensions),
    signatureAlgorithm: signatureAlgorithmName(certificate.signatureAlgorithmDer),
    sha256Fingerprint: sha256Hex(certificate.der),
  }
}

function describeRequest(request: CertificateRequest): Fields {
  return {
    subject: formatName(request.subject),
    publicKey: describePublicKey(request.spkiDer),
    attributes: request.attributes.map(({ type }) => attributeNames[type] ?? type),
    requestedExtensions: describeExtensions(request.extensions),
    signatureAlgorithm: signatureAlgorithmName(request.signatureAlgorithmDer),
    sha256Fingerprint: sha256Hex(request.der),
  }
}

/** RFC 2985 §5.4; the last two are Microsoft's. */
const attributeNames: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.9.2': 'unstructuredName',
  '1.2.840.113549.1.9.7': 'challengePassword',
  '1.2.840.113549.1.9.14': 'extensionRequest',
  '1.3.6.1.4.1.311.13.2.3': 'osVersion',
  '1.3.6.1.4.1.311.21.20': 'clientInfo',
}

function describeCrl(crl: CertificateRevocationList, now: Date): Fields {
  const entries = Array.from(crlEntries(crl), describeEntry)
  return {
    version: crl.version,
    issuer: formatName(crl.issuer),
    thisUpdate: isoTime(crl.thisUpdate),
    nextUpdate: crl.nextUpdate && isoTime(crl.nextUpdate),
    validity: updateState(crl, now),
    extensions: describeExtensions(crl.extensions),
    revokedCount: entries.length,
    revoked: entries,
    signatureAlgorithm: signatureAlgorithmName(crl.signatureAlgorithmDer),
    sha256Fingerprint: sha256Hex(crl.der),
  }
}

function describeEntry(entry: CrlEntry): Fields {
  return {
    serialNumber: entry.serialNumber,
    revocationDate: isoTime(entry.revocationDate),
    reason: entry.reason,
    invalidityDate: entry.invalidityDate && isoTime(entry.invalidityDate),
    certificateIssuer: entry.certificateIssuer?.map(formatGeneralName),
    criticalExtensions: criticalOids(entry),
  }
}

/** certificateIssuer is always critical and is shown by name; another critical one makes the CRL unusable (§5.3). */
function criticalOids({ extensions }: CrlEntry): string[] | undefined {
  const oids = extensions.filter(({ oid, critical }) => critical && oid !== certificateIssuerOid)
  return oids.length === 0 ? undefined : oids.map(({ oid }) => oid)
}

const certificateIssuerOid = '2.5.29.29'
