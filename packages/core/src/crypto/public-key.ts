import { DerReader } from '../asn1/der-reader.js'
import { bitString, encode, raw, sequence } from '../asn1/der-writer.js'
import { Tag } from '../asn1/tags.js'
import { PkiError } from '../errors/pki-error.js'
import type { KeyAlgorithm, WholeMessageAlgorithm } from './algorithm-names.js'
import type { KeyAlgorithmRow } from './key-algorithms.js'
import { readKeyType, rsaRowOf } from './key-type.js'
import type { PssParameters } from './pss-parameters.js'
import { bitLength, isOdd, readPositive } from './rsa-numbers.js'
import { findRsaWeakness, rsaWeaknesses } from './weak-keys.js'

interface AnyPublicKey {
  /** SubjectPublicKeyInfo as it was read: a view on the input. */
  spkiDer: Uint8Array
  /** Content of the BIT STRING, without the octet of unused bits: what key identifiers are computed from. */
  keyBits: Uint8Array
  bits: number
}

export interface RsaPublicKey extends AnyPublicKey {
  family: 'RSA' | 'RSA-PSS'
  /** `undefined`: a size that we do not make but verify with. */
  keyAlgorithm: KeyAlgorithm | undefined
  /** Magnitudes, big-endian, without a sign octet. */
  modulus: Uint8Array
  exponent: Uint8Array
  /** Of RSA-PSS: present where signatures must have these hashes and a salt at least so long (RFC 4055 §3.3). */
  pssParameters: PssParameters | undefined
}

export interface EcPublicKey extends AnyPublicKey {
  family: 'ECDSA'
  keyAlgorithm: KeyAlgorithm
  curve: 'P-256' | 'P-384' | 'P-521'
}

export interface WholeMessagePublicKey extends AnyPublicKey {
  family: 'EdDSA' | 'ML-DSA' | 'SLH-DSA'
  keyAlgorithm: WholeMessageAlgorithm
}

export type PublicKey = RsaPublicKey | EcPublicKey | WholeMessagePublicKey

/** Longest RSA modulus that is read: beyond it a verification costs milliseconds, and nobody certifies such keys. */
const maximumModulusBits = 8192

/** Longest RSA exponent, in octets: FIPS 186-5 §A.1.1 and CA/B BR 6.1.6 end at 2^256. */
const maximumExponentOctets = 32

/**
 * Read a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7; RFC 3279 §2.3.1, RFC 4055 §1.2, RFC 5480 §2, RFC 8410 §4, RFC 9881 §4,
 * RFC 9909 §5).
 *
 * The structure is checked, the strength is not (`assertUsableKey` does), and neither is that a point lies on its
 * curve: a provider does that when it imports the key, which it must before any use.
 *
 * @throws {PkiError} `invalid_der` | `invalid_key` | `unsupported_algorithm`: a key type or curve not in the table
 */
export function parsePublicKey(spkiDer: Uint8Array): PublicKey {
  const outer = new DerReader(spkiDer)
  const spki = outer.sequence()
  outer.finish()
  const identifierDer = spki.readElement(Tag.sequence)
  const keyBits = spki.octetAlignedBitString()
  spki.finish()
  const { row, pssParameters } = readKeyType(identifierDer)
  switch (row.family) {
    case 'RSA':
    case 'RSA-PSS':
      return { ...rsaPublicKey(row.family, spkiDer, keyBits), pssParameters }
    case 'ECDSA':
      checkPoint(keyBits, row)
      return {
        family: row.family,
        keyAlgorithm: row.name,
        curve: row.curve,
        spkiDer,
        keyBits,
        bits: row.bits,
      }
    default:
      if (keyBits.length !== row.publicKeyOctets) {
        throw invalidKey(
          row.name,
          `it has ${keyBits.length} octets where ${row.publicKeyOctets} are required`,
        )
      }
      return { family: row.family, keyAlgorithm: row.name, spkiDer, keyBits, bits: row.bits }
  }
}

/** RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER } (RFC 8017 §A.1.1). */
function rsaPublicKey(
  family: RsaPublicKey['family'],
  spkiDer: Uint8Array,
  keyBits: Uint8Array,
): Omit<RsaPublicKey, 'pssParameters'> {
  // The key bits end the input, so the same input is read on: offsets in errors keep counting from its start.
  const window = { start: spkiDer.length - keyBits.length, end: spkiDer.length, depth: 2 }
  const outer = new DerReader(spkiDer, window)
  const reader = outer.sequence()
  outer.finish()
  const modulus = readPositive(reader, 'modulus')
  const exponent = readPositive(reader, 'exponent')
  reader.finish()
  const bits = bitLength(modulus)
  if (bits > maximumModulusBits) {
    throw invalidKey(
      'RSA',
      `its modulus has ${bits} bits, and ${maximumModulusBits} are the most that are read`,
    )
  }
  if (!isOdd(modulus)) throw invalidKey('RSA', 'its modulus is even')
  if (exponent.length > maximumExponentOctets) {
    throw invalidKey('RSA', `its exponent has more than ${maximumExponentOctets * 8} bits`)
  }
  if (!isOdd(exponent) || (exponent.length === 1 && exponent[0] === 1)) {
    throw invalidKey('RSA', 'its exponent is not an odd number above 1')
  }
  if (exponent.length >= modulus.length)
    throw invalidKey('RSA', 'its exponent is not smaller than its modulus')
  const keyAlgorithm = rsaRowOf(family, bits)?.name
  return { family, keyAlgorithm, spkiDer, keyBits, bits, modulus, exponent }
}

/** RFC 5480 §2.2. Compressed points MAY be supported; we refuse them, since half of what reads certificates does. */
function checkPoint(keyBits: Uint8Array, row: KeyAlgorithmRow & { family: 'ECDSA' }): void {
  const form = keyBits[0]
  if (form === 0x02 || form === 0x03) {
    throw invalidKey(row.name, 'its point is compressed: write it uncompressed (RFC 5480 §2.2)')
  }
  const octets = 1 + 2 * row.coordinateOctets
  if (form !== 0x04 || keyBits.length !== octets) {
    throw invalidKey(row.name, `it is no uncompressed point of ${octets} octets`)
  }
}

/** A SubjectPublicKeyInfo. @param identifierDer of a row, or of RSASSA-PSS with parameters */
export const encodePublicKey = (identifierDer: Uint8Array, keyBits: Uint8Array): Uint8Array =>
  encode(sequence(raw(identifierDer), bitString(keyBits)))

/**
 * Refuse what is a key but must not be certified. Of keys other than RSA all that are in the table are strong enough.
 *
 * @throws {PkiError} `weak_key`: `weakness` in the context says why
 */
export function assertUsableKey(key: PublicKey): void {
  if (key.family !== 'RSA' && key.family !== 'RSA-PSS') return
  const weakness = findRsaWeakness(key.modulus, key.exponent)
  if (weakness === undefined) return
  throw new PkiError('weak_key', `Cannot use RSA key: ${rsaWeaknesses[weakness]}`, {
    algorithm: 'RSA',
    bits: key.bits,
    weakness,
  })
}

function invalidKey(algorithm: string, state: string): PkiError<'invalid_key'> {
  return new PkiError('invalid_key', `Cannot read ${algorithm} public key: ${state}`, { algorithm })
}
