import { describe, expect, it } from 'vitest'
import { DerReader } from '../asn1/der-reader.js'
import {
  bitString,
  constructed,
  encode,
  type Encoder,
  enumerated,
  explicit,
  integer,
  nullValue,
  objectIdentifier,
  octetStringOf,
  raw,
  sequence,
} from '../asn1/der-writer.js'
import { hexDecode, hexEncode } from '../encoding/hex.js'
import { createName } from './name.js'
import { certId, certIdsMatch, readCertId } from './ocsp-cert-id.js'
import {
  basicOcspResponse,
  type CertStatus,
  encodeResponseData,
  type OcspResponseData,
} from './ocsp-basic-response.js'
import { maximumCertIds, parseOcspRequest } from './ocsp-request.js'
import {
  encodeOcspError,
  encodeOcspResponse,
  type OcspErrorStatus,
  parseOcspResponse,
} from './ocsp-response.js'
import { parseSerialNumber } from './serial-number.js'

const sha1 = '1.3.14.3.2.26'
const id = {
  hashAlgorithmDer: encode(sequence(objectIdentifier(sha1), nullValue)),
  hashAlgorithm: sha1,
  issuerNameHash: Uint8Array.of(1),
  issuerKeyHash: Uint8Array.of(2),
  serialNumber: parseSerialNumber('0a'),
}
const single = sequence(certId(id))
const requestOf = (tbs: Encoder, ...behind: Encoder[]): Uint8Array => encode(sequence(tbs, ...behind))

/** optionalSignature (RFC 6960 §4.1.1). */
const signatureWith = (...certificates: Encoder[]): Encoder =>
  explicit(0, sequence(raw(id.hashAlgorithmDer), bitString(Uint8Array.of(1)), ...certificates))

const revocationTime = new Date('2026-01-01T00:00:00Z')
const answer = (status: CertStatus): OcspResponseData['responses'][number] => ({
  certId: id,
  status,
  thisUpdate: new Date('2026-01-02T00:00:00Z'),
  nextUpdate: undefined,
  extensions: [],
})
const data: OcspResponseData = {
  responderId: { byKey: new Uint8Array(20) },
  producedAt: new Date('2026-01-02T00:00:00Z'),
  responses: [answer({ kind: 'revoked', revocationTime, reason: 'unspecified' })],
  extensions: [],
}
const signed = (tbsDer: Uint8Array) => ({
  tbsDer,
  signatureAlgorithmDer: id.hashAlgorithmDer,
  signature: Uint8Array.of(1),
})
const basicOf = (tbsDer: Uint8Array): Encoder => basicOcspResponse(signed(tbsDer), [])

const refusal = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) })

describe('CertId', () => {
  it('matches without regard to the parameters of the digest', () => {
    const without = readCertId(
      new DerReader(encode(certId({ ...id, hashAlgorithmDer: encode(sequence(objectIdentifier(sha1))) }))),
    )
    expect(certIdsMatch(id, without)).toBe(true)
    expect(certIdsMatch(id, { ...id, hashAlgorithm: '2.16.840.1.101.3.4.2.1' })).toBe(false)
    expect(certIdsMatch(id, { ...id, issuerNameHash: Uint8Array.of(9) })).toBe(false)
    expect(certIdsMatch(id, { ...id, issuerKeyHash: Uint8Array.of(9) })).toBe(false)
    expect(certIdsMatch(id, { ...id, serialNumber: parseSerialNumber('0b') })).toBe(false)
  })
})

describe('parseOcspRequest', () => {
  const signature = signatureWith(explicit(0, sequence()))
  const requestorName = explicit(1, constructed(0xa4, raw(createName({ commonName: 'Client' }).der)))

  it('passes over the name and signature of the requestor (RFC 6960 §4.1.2)', () => {
    const requests = [{ certId: id, extensions: [] }]
    for (const one of [signature, signatureWith()]) {
      const der = requestOf(sequence(requestorName, sequence(single)), one)
      expect(parseOcspRequest(der)).toEqual({ requests, extensions: [] })
    }
  })

  const many = (count: number): Uint8Array =>
    requestOf(sequence(sequence(...Array.from({ length: count }, () => single))))
  it(`answers ${maximumCertIds} questions and no more`, () => {
    expect(parseOcspRequest(many(maximumCertIds)).requests).toHaveLength(maximumCertIds)
    expect(() => parseOcspRequest(many(maximumCertIds + 1))).toThrow(
      refusal('der_limit_exceeded', /more than 16/),
    )
  })

  it.each([
    ['no question', many(0), 'invalid_structure', /no certificate/],
    [
      'an encoded version (X.690 §11.5)',
      requestOf(sequence(explicit(0, integer(0)), sequence(single))),
      'invalid_structure',
      /version/,
    ],
    [
      'two requestor names',
      requestOf(sequence(requestorName, requestorName, sequence(single))),
      'invalid_der',
      /stands where sequence/,
    ],
    [
      'a signature without algorithm',
      requestOf(sequence(sequence(single)), explicit(0, sequence(bitString(Uint8Array.of(1))))),
      'invalid_der',
      /bitString stands/,
    ],
  ] as const)('refuses %s', (_, der, code, message) => {
    expect(() => parseOcspRequest(der)).toThrow(refusal(code, message))
  })
})

describe('parseOcspResponse', () => {
  it.each([
    ['malformedRequest', '30030a0101'],
    ['internalError', '30030a0102'],
    ['tryLater', '30030a0103'],
    ['sigRequired', '30030a0105'],
    ['unauthorized', '30030a0106'],
  ] as const)('reads and writes the unsigned answer %s (RFC 6960 §4.2.1)', (status: OcspErrorStatus, der) => {
    expect(hexEncode(encodeOcspError(status))).toBe(der)
    expect(parseOcspResponse(encodeOcspError(status))).toEqual({ status })
  })

  it('reads what was written, without the reason "unspecified"', () => {
    const response = parseOcspResponse(encodeOcspResponse(signed(encodeResponseData(data)), []))
    const responses = [answer({ kind: 'revoked', revocationTime, reason: undefined })]
    expect(response).toMatchObject({
      status: 'successful',
      basic: { ...data, responses, certificatesDer: [] },
    })
  })

  it('reads each status as it was written (RFC 6960 §4.2.1)', () => {
    const statuses: CertStatus[] = [
      { kind: 'good' },
      { kind: 'unknown' },
      { kind: 'revoked', revocationTime, reason: 'keyCompromise' },
    ]
    const der = encodeOcspResponse(
      signed(encodeResponseData({ ...data, responses: statuses.map(answer) })),
      [],
    )
    expect(parseOcspResponse(der)).toMatchObject({ basic: { responses: statuses.map(answer) } })
  })

  it('refuses a status that there is none of', () => {
    const tbsHex = hexEncode(encodeResponseData({ ...data, responses: [answer({ kind: 'good' })] }))
    // good [0] IMPLICIT NULL, and the thisUpdate behind it.
    const other = hexDecode(tbsHex.replace('8000180f', '8300180f'))
    expect(() => parseOcspResponse(encodeOcspResponse(signed(other), []))).toThrow(
      refusal('invalid_structure', /neither good nor revoked nor unknown/),
    )
  })

  it('is written without an empty list of certificates', () => {
    const tbs = encodeResponseData(data)
    expect(encode(basicOf(tbs))).toEqual(
      encode(sequence(raw(tbs), raw(id.hashAlgorithmDer), bitString(Uint8Array.of(1)))),
    )
  })

  const wrapped = (type: string): Encoder =>
    explicit(0, sequence(objectIdentifier(type), octetStringOf(basicOf(encodeResponseData(data)))))
  const basicType = '1.3.6.1.5.5.7.48.1.1'
  it.each([
    ['status 4, which is not used', sequence(enumerated(4)), /no response status 4/],
    ['success without an answer', sequence(enumerated(0)), /has no response/],
    [
      'an error with an answer',
      sequence(enumerated(3), wrapped(basicType)),
      /although its status is tryLater/,
    ],
    ['another type of answer', sequence(enumerated(0), wrapped('1.2.3')), /1\.2\.3 is not the basic one/],
    [
      'an encoded version',
      sequence(
        enumerated(0),
        explicit(
          0,
          sequence(
            objectIdentifier(basicType),
            octetStringOf(basicOf(encode(sequence(explicit(0, integer(0)))))),
          ),
        ),
      ),
      /version/,
    ],
  ])('refuses %s', (_, response, message) => {
    expect(() => parseOcspResponse(encode(response))).toThrow(refusal('invalid_structure', message))
  })
})
