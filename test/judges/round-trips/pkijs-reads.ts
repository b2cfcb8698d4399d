import {
  BasicOCSPResponse,
  Certificate,
  CertificateRevocationList,
  CertificationRequest,
  Extension,
  OCSPRequest,
  OCSPResponse,
} from 'pkijs'
import { OctetString } from 'asn1js'
import { hexOf, numberOf } from '../reading.js'

/* What pkijs writes of what it has read: from its fields (`toSchema(true)`), not from the octets that it has kept. */

export const rewriteCertificate = (der: Uint8Array): string =>
  hexOf(Certificate.fromBER(buffer(der)).toSchema(true).toBER())

export const rewriteRequest = (der: Uint8Array): string =>
  hexOf(CertificationRequest.fromBER(buffer(der)).toSchema(true).toBER())

export const rewriteCrl = (der: Uint8Array): string =>
  hexOf(CertificateRevocationList.fromBER(buffer(der)).toSchema(true).toBER())

export const rewriteOcspRequest = (der: Uint8Array): string =>
  hexOf(OCSPRequest.fromBER(buffer(der)).toSchema(true).toBER())

/** The response inside is opaque to OCSPResponse: written apart, and put in its place. */
export function rewriteOcspResponse(der: Uint8Array): string {
  const response = OCSPResponse.fromBER(buffer(der))
  if (response.responseBytes) {
    const basic = BasicOCSPResponse.fromBER(response.responseBytes.response.valueBlock.valueHex)
    basic.tbsResponseData.tbsView = new Uint8Array(basic.tbsResponseData.toSchema(true).toBER())
    response.responseBytes.response = new OctetString({ valueHex: basic.toSchema().toBER() })
  }
  return hexOf(response.toSchema().toBER())
}

export function pkijsOcspRequest(der: Uint8Array): unknown {
  const { requestList, requestExtensions = [] } = OCSPRequest.fromBER(buffer(der)).tbsRequest
  return {
    requests: requestList.map(({ reqCert, singleRequestExtensions = [] }) => ({
      hashAlgorithm: reqCert.hashAlgorithm.algorithmId,
      issuerNameHash: hexOf(reqCert.issuerNameHash.valueBlock.valueHexView),
      issuerKeyHash: hexOf(reqCert.issuerKeyHash.valueBlock.valueHexView),
      serialNumber: numberOf(reqCert.serialNumber.valueBlock.valueHexView),
      extensions: singleRequestExtensions.map(extensionOf),
    })),
    extensions: requestExtensions.map(extensionOf),
  }
}

const extensionOf = ({ extnID, critical, extnValue }: Extension): unknown => [
  extnID,
  critical,
  hexOf(extnValue.valueBlock.valueHexView),
]

export const pkijsExtension = (given: { oid: string; critical: boolean; valueDer: Uint8Array }): Extension =>
  new Extension({ extnID: given.oid, critical: given.critical, extnValue: buffer(given.valueDer) })

/** pkijs takes a view for the whole buffer behind it: give it a buffer of its own. */
const buffer = (der: Uint8Array): ArrayBuffer => Uint8Array.from(der).buffer
