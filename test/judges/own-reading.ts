import {
  crlEntries,
  type Extension,
  findExtension,
  type GeneralName,
  type Name,
  parseCertificate,
  parseCertificateRequest,
  parseCrl,
  parseOcspResponse,
  subjectAltName,
} from '@certwright/core'
import type { Artefact } from './artefacts.js'
import {
  type AttributeReading,
  type CertificateReading,
  type CrlReading,
  type ExtensionReading,
  hexOf,
  numberOf,
  type OcspReading,
  type Reading,
  type RequestReading,
} from './reading.js'

/** What our own parser finds. */
export function ownReading({ kind, der }: Artefact): Reading {
  switch (kind) {
    case 'certificate':
      return ownCertificate(der)
    case 'crl':
      return ownCrl(der)
    case 'ocsp':
      return ownOcsp(der)
  }
}

export function ownCertificate(der: Uint8Array): CertificateReading {
  const { serialNumber, issuer, subject, notBefore, notAfter, extensions } = parseCertificate(der)
  return {
    serialNumber: numberOf(serialNumber),
    issuer: attributesOf(issuer),
    subject: attributesOf(subject),
    notBefore: notBefore.toISOString(),
    notAfter: notAfter.toISOString(),
    extensions: extensions.map(extensionOf),
    altNames: (findExtension(extensions, subjectAltName) ?? []).map(altNameOf),
  }
}

export function ownRequest(pem: string): RequestReading {
  const { subject, extensions } = parseCertificateRequest(pem)
  return { subject: attributesOf(subject), extensions: extensions.map(extensionOf) }
}

function ownCrl(der: Uint8Array): CrlReading {
  const crl = parseCrl(der)
  return {
    issuer: attributesOf(crl.issuer),
    thisUpdate: crl.thisUpdate.toISOString(),
    nextUpdate: crl.nextUpdate?.toISOString(),
    extensions: crl.extensions.map(extensionOf),
    entries: [...crlEntries(crl)].map(({ serialNumber, revocationDate, extensions }) => ({
      serialNumber: numberOf(serialNumber),
      revocationDate: revocationDate.toISOString(),
      extensions: extensions.map(extensionOf),
    })),
  }
}

/** RFC 6960 §4.2.1 */
const statusNumbers = {
  successful: 0,
  malformedRequest: 1,
  internalError: 2,
  tryLater: 3,
  sigRequired: 5,
  unauthorized: 6,
} as const

function ownOcsp(der: Uint8Array): OcspReading {
  const response = parseOcspResponse(der)
  const status = statusNumbers[response.status]
  if (response.status !== 'successful') return { status }
  const { producedAt, responderId, responses, extensions, certificatesDer } = response.basic
  return {
    status,
    producedAt: producedAt.toISOString(),
    responderKeyHash: 'byKey' in responderId ? hexOf(responderId.byKey) : 'by name',
    responses: responses.map(({ certId, status }) => ({
      serialNumber: numberOf(certId.serialNumber),
      status: status.kind,
    })),
    extensions: extensions.map(extensionOf),
    certificates: certificatesDer.length,
  }
}

const attributesOf = (name: Name): AttributeReading[] =>
  name.rdns.flatMap((rdn) => rdn.map(({ type, value }) => [type, value] as const))

const extensionOf = ({ oid, critical, valueDer }: Extension): ExtensionReading => [
  oid,
  critical,
  hexOf(valueDer),
]

function altNameOf(name: GeneralName): string {
  switch (name.type) {
    case 'dns':
    case 'email':
    case 'uri':
      return `${name.type}:${name.value}`
    case 'ip':
      return `ip:${hexOf(name.address)}`
    default:
      return name.type
  }
}
