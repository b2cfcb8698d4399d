import {
  crlEntries,
  type KeyAlgorithm,
  parseCertificate,
  parseCertificateRequest,
  parseCrl,
  parseOcspRequest,
  parseOcspResponse,
} from '@certwright/core'
import * as fc from 'fast-check'
import {
  bitString,
  encode,
  nullValue,
  objectIdentifier,
  raw,
  sequence,
  unsignedInteger,
  integer,
} from '../../../packages/core/src/asn1/der-writer.js'
import { keyAlgorithms } from '../../../packages/core/src/crypto/key-algorithms.js'
import { signatureAlgorithms } from '../../../packages/core/src/crypto/signature-algorithms.js'
import {
  encodeCertificationRequestInfo,
  extensionRequest,
} from '../../../packages/core/src/x509/certificate-request.js'
import { encodeTbsCertList } from '../../../packages/core/src/x509/certificate-revocation-list.js'
import { encodeTbsCertificate } from '../../../packages/core/src/x509/certificate.js'
import { encodeResponseData } from '../../../packages/core/src/x509/ocsp-basic-response.js'
import { encodeOcspRequest } from '../../../packages/core/src/x509/ocsp-request.js'
import {
  encodeOcspError,
  encodeOcspResponse,
  type OcspErrorStatus,
} from '../../../packages/core/src/x509/ocsp-response.js'
import { encodeRevokedCertificates } from '../../../packages/core/src/x509/revoked-certificate.js'
import { encodeSignedData } from '../../../packages/core/src/x509/signed-data.js'
import {
  certificateExtensions,
  crlExtensions,
  ocspExtensions,
  reason,
  serialNumber,
  time,
} from './arbitrary-extensions.js'
import { element, generalNames, name, objectId, octets } from './arbitrary-names.js'

/** What was given to an encoder, and what it made of it. */
export interface Structure {
  readonly given: object
  readonly der: Uint8Array
}

const filled = (length: number): Uint8Array => new Uint8Array(length).fill(0xa5)

/** Keys of the right form that nobody has: neither an encoder nor a decoder of structures does arithmetic. */
function keyOf(algorithm: KeyAlgorithm): Uint8Array {
  const row = keyAlgorithms[algorithm]
  const of = (key: Uint8Array): Uint8Array => encode(sequence(raw(row.identifierDer), bitString(key)))
  if ('publicKeyOctets' in row) return of(filled(row.publicKeyOctets))
  if ('coordinateOctets' in row) return of(Uint8Array.of(4, ...filled(2 * row.coordinateOctets)))
  return of(encode(sequence(unsignedInteger(filled(row.bits / 8)), integer(65537))))
}

const spkiDer = fc.constantFrom(...(Object.keys(keyAlgorithms) as KeyAlgorithm[]).map(keyOf))
const signatureAlgorithmDer = fc.constantFrom(
  ...Object.values(signatureAlgorithms).map(({ identifierDer }) => identifierDer),
)
const signature = octets(1, 600)
const optionalTime = fc.option(time, { nil: undefined })

export const certificate: fc.Arbitrary<Structure> = fc
  .record({
    serialNumber,
    signatureAlgorithmDer,
    issuer: name,
    notBefore: time,
    notAfter: time,
    subject: name,
    spkiDer,
    extensions: certificateExtensions,
    signature,
  })
  .map((given) => ({
    given: { version: 3, ...given },
    der: encodeSignedData({ ...given, tbsDer: encodeTbsCertificate(given) }),
  }))

/** Attributes that nobody knows are carried as they are. */
const foreignAttribute = fc
  .record({ type: objectId.map((oid) => `2.99.${oid}`), value: element })
  .map(({ type, value }) => ({ type, valuesDer: [value] }))

export const request: fc.Arbitrary<Structure> = fc
  .record({
    subject: name,
    spkiDer,
    extensions: certificateExtensions,
    foreign: fc.array(foreignAttribute, { maxLength: 2 }),
    signatureAlgorithmDer,
    signature,
  })
  .map(({ foreign, ...given }) => {
    const asked = given.extensions.length === 0 ? [] : [extensionRequest(given.extensions)]
    const tbsDer = encodeCertificationRequestInfo({ ...given, attributes: [...foreign, ...asked] })
    return { given, der: encodeSignedData({ ...given, tbsDer }) }
  })

const revoked = fc.record({
  serialNumber,
  revocationDate: time,
  reason: fc.option(
    reason.filter((value) => value !== 'unspecified'),
    { nil: undefined },
  ),
  invalidityDate: optionalTime,
  certificateIssuer: fc.option(generalNames, { nil: undefined }),
})

export const crl: fc.Arbitrary<Structure> = fc
  .record({
    signatureAlgorithmDer,
    issuer: name,
    thisUpdate: time,
    nextUpdate: optionalTime,
    extensions: crlExtensions,
    entries: fc.array(revoked, { maxLength: 5 }),
    signature,
  })
  .map(({ entries, ...given }) => ({
    given: { version: 2, ...given, entries },
    der: encodeSignedData({
      ...given,
      tbsDer: encodeTbsCertList(given, entries.length === 0 ? [] : [encodeRevokedCertificates(entries)])
        .tbsDer,
    }),
  }))

const certId = fc
  .record({
    hashAlgorithm: fc.constantFrom('1.3.14.3.2.26', '2.16.840.1.101.3.4.2.1'),
    hasNull: fc.boolean(),
    issuerNameHash: octets(20, 32),
    issuerKeyHash: octets(20, 32),
    serialNumber,
  })
  .map(({ hasNull, ...rest }) => ({
    ...rest,
    hashAlgorithmDer: encode(sequence(objectIdentifier(rest.hashAlgorithm), hasNull ? nullValue : undefined)),
  }))

export const ocspRequest: fc.Arbitrary<Structure> = fc
  .record({
    requests: fc.array(fc.record({ certId, extensions: ocspExtensions }), { minLength: 1, maxLength: 4 }),
    extensions: ocspExtensions,
  })
  .map((given) => ({ given, der: encodeOcspRequest(given) }))

const status = fc.oneof(
  fc.record({ kind: fc.constantFrom('good' as const, 'unknown' as const) }),
  fc.record({
    kind: fc.constant('revoked' as const),
    revocationTime: time,
    reason: fc.option(
      reason.filter((value) => value !== 'unspecified'),
      { nil: undefined },
    ),
  }),
)

const responseData = fc.record({
  responderId: fc.oneof(
    name.map((byName) => ({ byName })),
    octets(20).map((byKey) => ({ byKey })),
  ),
  producedAt: time,
  responses: fc.array(
    fc.record({ certId, status, thisUpdate: time, nextUpdate: optionalTime, extensions: ocspExtensions }),
    { minLength: 1, maxLength: 3 },
  ),
  extensions: ocspExtensions,
})

export const ocspResponse: fc.Arbitrary<Structure> = fc
  .record({
    data: responseData,
    signatureAlgorithmDer,
    signature,
    certificatesDer: fc.array(
      certificate.map(({ der }) => der),
      { maxLength: 1 },
    ),
  })
  .map(({ data, certificatesDer, ...rest }) => {
    const signed = { ...rest, tbsDer: encodeResponseData(data) }
    return {
      given: { status: 'successful', basic: { ...data, ...signed, certificatesDer } },
      der: encodeOcspResponse(signed, certificatesDer),
    }
  })

export const ocspError: fc.Arbitrary<Structure> = fc
  .constantFrom<OcspErrorStatus>(
    'malformedRequest',
    'internalError',
    'tryLater',
    'sigRequired',
    'unauthorized',
  )
  .map((status) => ({ given: { status }, der: encodeOcspError(status) }))

/** Every kind of structure, and its decoder, which looks at all of it. */
export const structures: readonly (readonly [
  kind: string,
  values: fc.Arbitrary<Structure>,
  decode: (der: Uint8Array) => object,
])[] = [
  ['a certificate', certificate, parseCertificate],
  ['a certification request', request, parseCertificateRequest],
  ['a CRL', crl, readCrl],
  ['an OCSP request', ocspRequest, parseOcspRequest],
  ['an OCSP response', ocspResponse, readOcspResponse],
  ['an OCSP error', ocspError, parseOcspResponse],
]

function readCrl(der: Uint8Array): object {
  const list = parseCrl(der)
  return { ...list, entries: [...crlEntries(list)] }
}

/** The certificates beside the signature are for the client to parse, if it needs them. */
function readOcspResponse(der: Uint8Array): object {
  const response = parseOcspResponse(der)
  if (response.status === 'successful')
    for (const certificateDer of response.basic.certificatesDer) parseCertificate(certificateDer)
  return response
}
