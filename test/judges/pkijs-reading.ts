import { OctetString } from 'asn1js'
import {
  AltName,
  type AttributeTypeAndValue,
  BasicOCSPResponse,
  Certificate,
  CertificateRevocationList,
  CertificationRequest,
  type Extension,
  Extensions,
  type GeneralName,
  OCSPResponse,
  type RelativeDistinguishedNames,
} from 'pkijs'
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

/* What pkijs finds: a parser that shares no line with ours. */

export function pkijsReading({ kind, der }: Artefact): Reading {
  switch (kind) {
    case 'certificate':
      return pkijsCertificate(der)
    case 'crl':
      return pkijsCrl(der)
    case 'ocsp':
      return pkijsOcsp(der)
  }
}

function pkijsCertificate(der: Uint8Array): CertificateReading {
  const {
    serialNumber,
    issuer,
    subject,
    notBefore,
    notAfter,
    extensions = [],
  } = Certificate.fromBER(bytes(der))
  const alternative = extensions.find(({ extnID }) => extnID === '2.5.29.17')?.parsedValue
  return {
    serialNumber: numberOf(serialNumber.valueBlock.valueHexView),
    issuer: attributesOf(issuer),
    subject: attributesOf(subject),
    notBefore: notBefore.value.toISOString(),
    notAfter: notAfter.value.toISOString(),
    extensions: extensions.map(extensionOf),
    altNames: alternative instanceof AltName ? alternative.altNames.map(altNameOf) : [],
  }
}

/** @param der of a CertificationRequest */
export function pkijsRequest(der: Uint8Array): RequestReading {
  const { subject, attributes = [] } = CertificationRequest.fromBER(bytes(der))
  const asked = attributes.find(({ type }) => type === '1.2.840.113549.1.9.14')
  const extensions = asked === undefined ? [] : new Extensions({ schema: asked.values[0] }).extensions
  return { subject: attributesOf(subject), extensions: extensions.map(extensionOf) }
}

function pkijsCrl(der: Uint8Array): CrlReading {
  const crl = CertificateRevocationList.fromBER(bytes(der))
  return {
    issuer: attributesOf(crl.issuer),
    thisUpdate: crl.thisUpdate.value.toISOString(),
    nextUpdate: crl.nextUpdate?.value.toISOString(),
    extensions: (crl.crlExtensions?.extensions ?? []).map(extensionOf),
    entries: (crl.revokedCertificates ?? []).map(
      ({ userCertificate, revocationDate, crlEntryExtensions }) => ({
        serialNumber: numberOf(userCertificate.valueBlock.valueHexView),
        revocationDate: revocationDate.value.toISOString(),
        extensions: (crlEntryExtensions?.extensions ?? []).map(extensionOf),
      }),
    ),
  }
}

/** CertStatus is a CHOICE: its tag tells which (RFC 6960 §4.2.1). */
const certStatuses = ['good', 'revoked', 'unknown']

function pkijsOcsp(der: Uint8Array): OcspReading {
  const { responseStatus, responseBytes } = OCSPResponse.fromBER(bytes(der))
  const status = responseStatus.valueBlock.valueDec
  if (responseBytes === undefined) return { status }
  const { tbsResponseData, certs = [] } = BasicOCSPResponse.fromBER(
    responseBytes.response.valueBlock.valueHex,
  )
  const { producedAt, responderID, responses, responseExtensions = [] } = tbsResponseData
  return {
    status,
    producedAt: producedAt.toISOString(),
    responderKeyHash:
      responderID instanceof OctetString ? hexOf(responderID.valueBlock.valueHexView) : 'by name',
    responses: responses.map(({ certID, certStatus }) => ({
      serialNumber: numberOf(certID.serialNumber.valueBlock.valueHexView),
      status: certStatuses[certStatus.idBlock.tagNumber] ?? 'none',
    })),
    extensions: responseExtensions.map(extensionOf),
    certificates: certs.length,
  }
}

/** What asn1js leaves untyped: a string of some type, whose text is `value`. */
const attributesOf = (name: RelativeDistinguishedNames): AttributeReading[] =>
  name.typesAndValues.map(({ type, value }: AttributeTypeAndValue) => [type, value.valueBlock.value] as const)

const extensionOf = ({ extnID, critical, extnValue }: Extension): ExtensionReading => [
  extnID,
  critical,
  hexOf(extnValue.valueBlock.valueHexView),
]

/** The tags of RFC 5280 §4.2.1.6. */
function altNameOf({ type, value }: GeneralName): string {
  switch (type) {
    case 1:
      return `email:${value}`
    case 2:
      return `dns:${value}`
    case 6:
      return `uri:${value}`
    case 7:
      return `ip:${hexOf(value.valueBlock.valueHexView)}`
    default:
      return `[${type}]`
  }
}

/** pkijs takes a view for the whole buffer behind it: give it a buffer of its own. */
const bytes = (der: Uint8Array): ArrayBuffer => Uint8Array.from(der).buffer
