import {
  type BasicOcspResponse,
  type CertId,
  formatName,
  type OcspRequest,
  type OcspResponse,
  parseCertificate,
  type ResponderId,
  type SingleResponse,
} from '@certwright/core'
import { describeExtensions } from './describe-extensions.js'
import { signatureAlgorithmName } from './describe-key.js'
import { hex, isoTime, sha256Hex } from './forms.js'
import type { Fields } from './item.js'
import { updateState } from './time-left.js'

export function describeOcspRequest({ requests, extensions }: OcspRequest): Fields {
  return {
    requests: requests.map((request) => describeCertId(request.certId)),
    extensions: describeExtensions(extensions),
  }
}

export function describeOcspResponse(response: OcspResponse, now: Date): Fields {
  if (response.status !== 'successful') return { status: response.status }
  return { status: response.status, ...describeBasicResponse(response.basic, now) }
}

function describeBasicResponse(basic: BasicOcspResponse, now: Date): Fields {
  return {
    responder: describeResponder(basic.responderId),
    producedAt: isoTime(basic.producedAt),
    responses: basic.responses.map((response) => describeSingleResponse(response, now)),
    extensions: describeExtensions(basic.extensions),
    certificates: basic.certificatesDer.map((der) => ({
      subject: formatName(parseCertificate(der).subject),
      sha256Fingerprint: sha256Hex(der),
    })),
    signatureAlgorithm: signatureAlgorithmName(basic.signatureAlgorithmDer),
  }
}

const describeResponder = (id: ResponderId): string =>
  'byName' in id ? formatName(id.byName) : `key ${hex(id.byKey)}`

function describeSingleResponse(response: SingleResponse, now: Date): Fields {
  const { certId, status, thisUpdate, nextUpdate, extensions } = response
  return {
    ...describeCertId(certId),
    status: status.kind,
    ...(status.kind === 'revoked' && {
      revocationTime: isoTime(status.revocationTime),
      reason: status.reason,
    }),
    thisUpdate: isoTime(thisUpdate),
    nextUpdate: nextUpdate && isoTime(nextUpdate),
    validity: updateState(response, now),
    extensions: describeExtensions(extensions),
  }
}

function describeCertId(certId: CertId): Fields {
  return {
    serialNumber: certId.serialNumber,
    hashAlgorithm: digestNames[certId.hashAlgorithm] ?? certId.hashAlgorithm,
    issuerNameHash: hex(certId.issuerNameHash),
    issuerKeyHash: hex(certId.issuerKeyHash),
  }
}

const digestNames: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'SHA-1',
  '2.16.840.1.101.3.4.2.1': 'SHA-256',
  '2.16.840.1.101.3.4.2.2': 'SHA-384',
  '2.16.840.1.101.3.4.2.3': 'SHA-512',
}
