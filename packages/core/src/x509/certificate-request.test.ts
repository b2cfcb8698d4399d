import { describe, expect, it } from 'vitest'
import {
  bitString,
  encode,
  type Encoder,
  explicit,
  integer,
  nullValue,
  objectIdentifier,
  raw,
  sequence,
  utf8String,
} from '../asn1/der-writer.js'
import { hexDecode } from '../encoding/hex.js'
import { pemEncode } from '../encoding/pem.js'
import {
  encodeCertificationRequestInfo,
  extensionRequest,
  extensionRequestType,
  parseCertificateRequest,
  type RequestAttribute,
} from './certificate-request.js'
import { createExtension } from './extension.js'
import { subjectKeyIdentifier } from './extensions/subject-key-identifier.js'
import { createName } from './name.js'
import { encodeSignedData } from './signed-data.js'

/* Structures that openssl does not write: each is one edit away from one that is accepted. */

const ecdsaSha256 = encode(sequence(objectIdentifier('1.2.840.10045.4.3.2')))
const name = createName({ commonName: 'Test' })
const spki = sequence(sequence(objectIdentifier('1.2.3.4'), nullValue), bitString(Uint8Array.of(1)))
const keyIdentifier = createExtension(subjectKeyIdentifier, Uint8Array.of(1), { critical: false })
const signed = (tbs: Encoder, signatureAlgorithmDer = ecdsaSha256): Uint8Array =>
  encodeSignedData({ tbsDer: encode(tbs), signatureAlgorithmDer, signature: Uint8Array.of(1, 2, 3) })

const refusal = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) })

const request = (...attributes: RequestAttribute[]): Uint8Array =>
  signed(raw(encodeCertificationRequestInfo({ subject: name, spkiDer: encode(spki), attributes })))

const attribute = ({ type, valuesDer }: RequestAttribute): Encoder =>
  sequence(objectIdentifier(type), (out) => {
    const before = out.length
    for (const der of valuesDer) out.bytes(der)
    out.header(0x31, before)
  })

describe('parseCertificateRequest', () => {
  const challenge = { type: '1.2.840.113549.1.9.7', valuesDer: [encode(utf8String('x'))] }
  const asked = extensionRequest([keyIdentifier])

  it('reads attributes and the extensions that are asked for, with either label of RFC 7468 §7', () => {
    const der = request(asked, challenge)
    const parsed = parseCertificateRequest(der)
    expect(parsed.extensions).toEqual([keyIdentifier])
    expect(parsed.attributes).toHaveLength(2)
    const pem = pemEncode('CERTIFICATE REQUEST', der)
    expect(parseCertificateRequest(pem)).toEqual(parsed)
    expect(parseCertificateRequest(pem.replaceAll('CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST'))).toEqual(
      parsed,
    )
    expect(parseCertificateRequest(request()).extensions).toEqual([])
  })

  it('is written with its attributes in the order of their encodings, as DER wants a SET OF (X.690 §11.6)', () => {
    expect(request(challenge, asked)).toEqual(request(asked, challenge))
    expect(parseCertificateRequest(request(asked, challenge)).attributes).toEqual([challenge, asked])
  })

  it('reads a request without attributes that leaves out their empty set, as pkijs writes it', () => {
    const der = signed(sequence(integer(0), raw(name.der), spki))
    expect(parseCertificateRequest(der)).toMatchObject({ attributes: [], extensions: [] })
  })

  it('reads attributes in any order, as Windows writes them', () => {
    for (const [first, second] of [
      [asked, challenge],
      [challenge, asked],
    ] as const) {
      const attributes: Encoder = (out) => {
        const before = out.length
        attribute(second)(out)
        attribute(first)(out)
        out.header(0xa0, before)
      }
      const parsed = parseCertificateRequest(signed(sequence(integer(0), raw(name.der), spki, attributes)))
      expect(parsed.attributes).toEqual([first, second])
    }
  })

  it.each([
    [
      'two extensionRequests',
      [
        asked,
        extensionRequest([createExtension(subjectKeyIdentifier, Uint8Array.of(2), { critical: false })]),
      ],
      'invalid_structure',
      /twice/,
    ],
    [
      'an extensionRequest with two values',
      [{ ...asked, valuesDer: [...asked.valuesDer, ...asked.valuesDer] }],
      'invalid_der',
      /bytes follow/,
    ],
    [
      'an extensionRequest of no extension',
      [{ type: extensionRequestType, valuesDer: [encode(sequence())] }],
      'invalid_structure',
      /empty/,
    ],
  ] as const)('refuses %s (RFC 2985 §5.4.2, RFC 2986 §4.1)', (_, attributes, code, message) => {
    expect(() => parseCertificateRequest(request(...attributes))).toThrow(refusal(code, message))
  })

  it('reads an attribute without value, which asks for nothing (RFC 2986 §4.1)', () => {
    const empty = { ...challenge, valuesDer: [] }
    const { attributes } = parseCertificateRequest(request(empty))
    expect(attributes).toEqual([empty])
    const asking = parseCertificateRequest(request({ type: extensionRequestType, valuesDer: [] }))
    expect(asking.extensions).toEqual([])
  })

  it('reads an extension with critical FALSE encoded, as FreeIPA wrote it (X.690 §11.5)', () => {
    const list = hexDecode('3010300e0603551d0e01010004040402beef')
    const { extensions } = parseCertificateRequest(request({ type: extensionRequestType, valuesDer: [list] }))
    expect(extensions).toEqual([
      { oid: subjectKeyIdentifier.oid, critical: false, valueDer: hexDecode('0402beef') },
    ])
  })

  it('refuses another version (RFC 2986 §4.1)', () => {
    const attributes = explicit(0)
    expect(() =>
      parseCertificateRequest(signed(sequence(integer(1), raw(name.der), spki, attributes))),
    ).toThrow(refusal('invalid_structure', /no version 2/))
  })
})
