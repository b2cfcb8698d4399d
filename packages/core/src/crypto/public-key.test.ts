import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  encode,
  type Encoder,
  bitString,
  integer,
  nullValue,
  objectIdentifier,
  octetString,
  primitive,
  raw,
  sequence,
  unsignedInteger,
} from '../asn1/der-writer.js'
import { Tag } from '../asn1/tags.js'
import { concatBytes } from '../encoding/bytes.js'
import { hexDecode, hexEncode } from '../encoding/hex.js'
import { assertUsableKey, parsePublicKey } from './public-key.js'

const rsaEncryption = objectIdentifier('1.2.840.113549.1.1.1')
const ecPublicKey = objectIdentifier('1.2.840.10045.2.1')
const p256 = objectIdentifier('1.2.840.10045.3.1.7')
const ed25519 = objectIdentifier('1.3.101.112')
const rsassaPss = objectIdentifier('1.2.840.113549.1.1.10')
const mlDsa65 = objectIdentifier('2.16.840.1.101.3.4.3.18')
const slhDsa = objectIdentifier('2.16.840.1.101.3.4.3.20')

const spki = (algorithm: readonly Encoder[], key: Uint8Array): Uint8Array =>
  encode(sequence(sequence(...algorithm), bitString(key)))

const integerOf = (content: Uint8Array): Encoder => primitive(Tag.integer, content)

/** An odd number of so many bits; nobody factors it here. */
function oddNumber(bits: number): Uint8Array {
  const magnitude = new Uint8Array(Math.ceil(bits / 8)).fill(0xff)
  magnitude[0] = 0xff >> (7 - ((bits - 1) & 7))
  return magnitude
}

const rsaKey = (modulus: Encoder, exponent: Encoder): Uint8Array =>
  spki([rsaEncryption, nullValue], encode(sequence(modulus, exponent)))

const rsaOf = (bits: number, exponent: Uint8Array = Uint8Array.of(1, 0, 1)): Uint8Array =>
  rsaKey(unsignedInteger(oddNumber(bits)), unsignedInteger(exponent))

const point = concatBytes(Uint8Array.of(4), new Uint8Array(64).fill(7))

describe('parsePublicKey', () => {
  it.each([
    ['RSA-2048', 'rsa', { modulusLength: 2048 }, 2048],
    ['ECDSA-P256', 'ec', { namedCurve: 'P-256' }, 256],
    ['ECDSA-P384', 'ec', { namedCurve: 'P-384' }, 384],
    ['ECDSA-P521', 'ec', { namedCurve: 'P-521' }, 521],
    ['Ed25519', 'ed25519', {}, 256],
    ['Ed448', 'ed448', {}, 456],
    ['RSA-PSS-2048', 'rsa-pss', { modulusLength: 2048 }, 2048],
    [
      'RSA-PSS-2048',
      'rsa-pss',
      { modulusLength: 2048, hashAlgorithm: 'sha384', mgf1HashAlgorithm: 'sha384', saltLength: 48 },
      2048,
    ],
  ])('reads an %s key that the platform made', (name, type, options, bits) => {
    const { publicKey } = generateKeyPairSync(type as 'ec', options as { namedCurve: string })
    const spkiDer = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }))
    const key = parsePublicKey(spkiDer)
    expect(key).toMatchObject({ keyAlgorithm: name, bits })
    expect(hexEncode(spkiDer).endsWith(hexEncode(key.keyBits))).toBe(true)
    expect(() => assertUsableKey(key)).not.toThrow()
  })

  it('gives modulus and exponent as magnitudes, and no name to a size that we do not make', () => {
    expect(parsePublicKey(rsaOf(2056))).toMatchObject({
      family: 'RSA',
      keyAlgorithm: undefined,
      bits: 2056,
      modulus: oddNumber(2056),
      exponent: Uint8Array.of(1, 0, 1),
    })
  })

  it('counts the bits of a modulus, not its octets', () => {
    expect(parsePublicKey(rsaOf(2047)).bits).toBe(2047)
  })

  const even = Uint8Array.from([...oddNumber(2048).subarray(1), 0xfe])
  it.each<[string, string, Uint8Array]>([
    [
      'RSA parameters MUST be NULL (RFC 3279 §2.3.1)',
      'invalid_key',
      spki([rsaEncryption], new Uint8Array(9)),
    ],
    [
      'an RSA modulus is positive',
      'invalid_key',
      rsaKey(integerOf(oddNumber(2048).fill(0x81)), integerOf(Uint8Array.of(3))),
    ],
    [
      'an RSA modulus is not zero',
      'invalid_key',
      rsaKey(integerOf(Uint8Array.of(0)), integerOf(Uint8Array.of(3))),
    ],
    ['an RSA modulus is odd', 'invalid_key', rsaKey(unsignedInteger(even), integerOf(Uint8Array.of(3)))],
    ['an RSA modulus has at most 8192 bits', 'invalid_key', rsaOf(8193)],
    ['an RSA exponent is odd', 'invalid_key', rsaOf(2048, Uint8Array.of(4))],
    ['an RSA exponent is above 1', 'invalid_key', rsaOf(2048, Uint8Array.of(1))],
    ['an RSA exponent has at most 256 bits', 'invalid_key', rsaOf(2048, oddNumber(257))],
    ['an RSA exponent is smaller than the modulus', 'invalid_key', rsaOf(64, oddNumber(65))],
    [
      'an RSA modulus is a minimal INTEGER (X.690 §8.3.2)',
      'invalid_der',
      rsaKey(integerOf(concatBytes(Uint8Array.of(0, 0), oddNumber(2048))), integerOf(Uint8Array.of(3))),
    ],
    ['a curve is given by its name (RFC 5480 §2.1.1)', 'invalid_key', spki([ecPublicKey, sequence()], point)],
    ['a curve MUST be given', 'invalid_key', spki([ecPublicKey], point)],
    [
      'a curve that we do not know',
      'unsupported_algorithm',
      spki([ecPublicKey, objectIdentifier('1.3.132.0.10')], point),
    ],
    [
      'a compressed point',
      'invalid_key',
      spki([ecPublicKey, p256], concatBytes(Uint8Array.of(2), point.subarray(1, 33))),
    ],
    ['a point that is too short', 'invalid_key', spki([ecPublicKey, p256], point.subarray(0, 64))],
    [
      'a point that is too long',
      'invalid_key',
      spki([ecPublicKey, p256], concatBytes(point, Uint8Array.of(0))),
    ],
    ['the point at infinity', 'invalid_key', spki([ecPublicKey, p256], Uint8Array.of(0))],
    [
      'Ed25519 parameters MUST be absent (RFC 8410 §3)',
      'invalid_key',
      spki([ed25519, nullValue], new Uint8Array(32)),
    ],
    ['an Ed25519 key has 32 octets', 'invalid_key', spki([ed25519], new Uint8Array(33))],
    [
      'an Ed448 key has 57 octets',
      'invalid_key',
      spki([objectIdentifier('1.3.101.113')], new Uint8Array(56)),
    ],
    [
      'ML-DSA parameters MUST be absent (RFC 9881 §2)',
      'invalid_key',
      spki([mlDsa65, nullValue], new Uint8Array(1952)),
    ],
    ['an ML-DSA-65 key has 1952 octets', 'invalid_key', spki([mlDsa65], new Uint8Array(1312))],
    [
      'an ML-DSA key stands in the BIT STRING as it is, without an OCTET STRING (RFC 9881 §4)',
      'invalid_key',
      spki([mlDsa65], encode(octetString(new Uint8Array(1952)))),
    ],
    [
      'SLH-DSA parameters MUST be absent (RFC 9909 §3)',
      'invalid_key',
      spki([slhDsa, nullValue], new Uint8Array(32)),
    ],
    ['an SLH-DSA-SHA2-128s key has 32 octets', 'invalid_key', spki([slhDsa], new Uint8Array(48))],
    [
      'RSASSA-PSS parameters of a key that mean SHA-1',
      'unsupported_algorithm',
      spki([rsassaPss, sequence()], encode(sequence(unsignedInteger(oddNumber(2048)), integer(65537)))),
    ],
    [
      'RSASSA-PSS parameters of a key are no NULL (RFC 4055 §3.1)',
      'unsupported_algorithm',
      spki([rsassaPss, nullValue], encode(sequence(unsignedInteger(oddNumber(2048)), integer(65537)))),
    ],
    [
      'a key type that we do not know',
      'unsupported_algorithm',
      spki([objectIdentifier('1.2.840.10040.4.1')], point),
    ],
    [
      'bytes behind the key',
      'invalid_der',
      concatBytes(spki([ed25519], new Uint8Array(32)), Uint8Array.of(0)),
    ],
    [
      'bytes behind the RSAPublicKey',
      'invalid_der',
      spki(
        [rsaEncryption, nullValue],
        encode((out) => {
          raw(Uint8Array.of(5, 0))(out)
          sequence(unsignedInteger(oddNumber(2048)), unsignedInteger(Uint8Array.of(3)))(out)
        }),
      ),
    ],
    ['a BIT STRING of broken octets', 'invalid_der', hexDecode(`302a300506032b6570032101${'00'.repeat(32)}`)],
  ])('refuses: %s', (_, code, spkiDer) => {
    expect(() => parsePublicKey(spkiDer)).toThrow(expect.objectContaining({ code }))
  })

  it('names the curve that it refuses', () => {
    expect(() => parsePublicKey(spki([ecPublicKey, objectIdentifier('1.3.132.0.10')], point))).toThrow(
      'Cannot use key: the curve secp256k1 (1.3.132.0.10) is not supported',
    )
  })

  it('counts the offset of an error inside the key from the start of the input', () => {
    const spkiDer = rsaKey(unsignedInteger(oddNumber(2048)), primitive(Tag.null, new Uint8Array(0)))
    expect(() => parsePublicKey(spkiDer)).toThrow(
      expect.objectContaining({ code: 'invalid_der', context: { offset: spkiDer.length - 2 } }),
    )
  })
})
