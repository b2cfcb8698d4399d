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
  time,
} from '../asn1/der-writer.js'
import { pemEncode } from '../encoding/pem.js'
import { parseCertificate, parseCertificates, parseTbsCertificate } from './certificate.js'
import { createExtension, extensions } from './extension.js'
import { subjectKeyIdentifier } from './extensions/subject-key-identifier.js'
import { createName } from './name.js'
import { encodeSignedData } from './signed-data.js'

/* Structures that openssl does not write: each is one edit away from one that is accepted. */

const ecdsaSha256 = encode(sequence(objectIdentifier('1.2.840.10045.4.3.2')))
const ecdsaSha384 = encode(sequence(objectIdentifier('1.2.840.10045.4.3.3')))
const name = createName({ commonName: 'Test' })
const start = new Date('2026-01-01T00:00:00Z')
const end = new Date('2026-12-31T23:59:59Z')
const spki = sequence(sequence(objectIdentifier('1.2.3.4'), nullValue), bitString(Uint8Array.of(1)))
const keyIdentifier = createExtension(subjectKeyIdentifier, Uint8Array.of(1), { critical: false })
const signed = (tbs: Encoder, signatureAlgorithmDer = ecdsaSha256): Uint8Array =>
  encodeSignedData({ tbsDer: encode(tbs), signatureAlgorithmDer, signature: Uint8Array.of(1, 2, 3) })

const refusal = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) })

const version = (value: number): Encoder => explicit(0, integer(value))

const body = (version: Encoder | undefined, ...behind: Encoder[]): Encoder =>
  sequence(
    version,
    integer(5),
    raw(ecdsaSha256),
    raw(name.der),
    sequence(time(start), time(end)),
    raw(name.der),
    spki,
    ...behind,
  )

describe('parseCertificate', () => {
  const uniqueIds = [bitString(Uint8Array.of(7), 0x81), bitString(Uint8Array.of(8), 0x82)]
  const someExtensions = explicit(3, extensions([keyIdentifier]))

  it.each([
    ['version 1', body(undefined), 1, 0],
    ['version 2 with unique identifiers', body(version(1), ...uniqueIds), 2, 0],
    [
      'version 3 with unique identifiers and extensions',
      body(version(2), ...uniqueIds, someExtensions),
      3,
      1,
    ],
    ['version 3 without extensions', body(version(2)), 3, 0],
  ])('reads %s, with a key of any algorithm (§4.1)', (_, tbs, expectedVersion, count) => {
    const certificate = parseCertificate(signed(tbs))
    expect(certificate.version).toBe(expectedVersion)
    expect(certificate.extensions).toHaveLength(count)
    expect(certificate.spkiDer).toEqual(encode(spki))
    expect(parseTbsCertificate(encode(tbs))).toMatchObject({ version: expectedVersion, serialNumber: '05' })
  })

  it.each([
    [
      'an encoded default version (X.690 §11.5)',
      body(version(0)),
      'invalid_structure',
      /default version 1 is encoded/,
    ],
    ['version 4', body(version(3)), 'invalid_structure', /no version 4/],
    ['extensions in version 1 (§4.1.2.9)', body(undefined, someExtensions), 'invalid_der', /bytes follow/],
    ['extensions in version 2 (§4.1.2.9)', body(version(1), someExtensions), 'invalid_der', /bytes follow/],
    [
      'an issuerUniqueID in version 1 (§4.1.2.8)',
      body(undefined, ...uniqueIds.slice(0, 1)),
      'invalid_der',
      /bytes follow/,
    ],
    [
      'a subjectUniqueID in version 1 (§4.1.2.8)',
      body(undefined, ...uniqueIds.slice(1)),
      'invalid_der',
      /bytes follow/,
    ],
    ['extensions twice', body(version(2), someExtensions, someExtensions), 'invalid_der', /bytes follow/],
    [
      'an empty list of extensions (§4.1)',
      body(version(2), explicit(3, sequence())),
      'invalid_structure',
      /empty/,
    ],
    [
      'a malformed extension that is known',
      body(version(2), explicit(3, extensions([{ ...keyIdentifier, valueDer: Uint8Array.of(5, 0) }]))),
      'invalid_structure',
      /subjectKeyIdentifier/,
    ],
  ] as const)('refuses %s', (_, tbs, code, message) => {
    expect(() => parseCertificate(signed(tbs))).toThrow(refusal(code, message))
  })

  it('refuses another algorithm inside than outside (§4.1.1.2)', () => {
    expect(() => parseCertificate(signed(body(version(2)), ecdsaSha384))).toThrow(
      refusal('invalid_structure', /differs/),
    )
  })

  it('reads a bundle in its order, and refuses one with anything else in it', () => {
    const first = signed(body(version(2)))
    const second = signed(body(undefined))
    const bundle = `first\n${pemEncode('CERTIFICATE', first)}second\n${pemEncode('CERTIFICATE', second)}`
    expect(parseCertificates(bundle).map(({ der }) => der)).toEqual([first, second])
    expect(parseCertificates(first).map(({ der }) => der)).toEqual([first])
    const withKey = bundle + pemEncode('PRIVATE KEY', first)
    expect(() => parseCertificates(withKey)).toThrow(refusal('invalid_encoding', /"PRIVATE KEY"/))
    expect(() => parseCertificates('nothing')).toThrow(refusal('invalid_encoding', /no block/))
    expect(() => parseCertificate(bundle)).toThrow(refusal('invalid_encoding', /2 blocks/))
  })
})
