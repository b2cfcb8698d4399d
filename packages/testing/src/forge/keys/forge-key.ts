import { createHash, createPrivateKey, type KeyObject, randomBytes, sign } from 'node:crypto'
import { pemEncode } from '@certwright/core'
import {
  bitString,
  encode,
  explicit,
  integer,
  nullValue,
  objectIdentifier,
  octetString,
  raw,
  sequence,
} from '@certwright/core/der'
import { type CurveName, curves, publicPoint, signDeterministically } from './ecdsa.js'
import { rsaKeyOf } from './rsa.js'
import { bigintOf, octetsOf, seededOctets } from './seeded-octets.js'
import { type ForgeSignatureAlgorithm, signatureRows } from './signature-algorithms.js'

export type ForgeKeyAlgorithm =
  | 'ECDSA-P256'
  | 'ECDSA-P384'
  | 'ECDSA-P521'
  | 'Ed25519'
  /** Too weak for any validator. */
  | 'RSA-1024'
  | 'RSA-2048'
  | 'RSA-3072'
  | 'RSA-4096'

/** A key pair for tests. Its private half is no secret: it lies in the memory of whoever tests. */
export interface ForgeKey {
  readonly algorithm: ForgeKeyAlgorithm
  readonly spkiDer: Uint8Array
  /** PrivateKeyInfo (RFC 5958), not encrypted. */
  readonly pkcs8Der: Uint8Array
  readonly privateKeyPem: string
  /** 20 octets: RFC 7093 §2 method 1. */
  readonly keyIdentifier: Uint8Array
  readonly signatureAlgorithm: ForgeSignatureAlgorithm
  /**
   * No randomness: the same message has the same signature.
   *
   * @returns as X.509 carries it: ECDSA-Sig-Value in DER, the others raw
   * @throws {RangeError} the algorithm is for another kind of key
   */
  sign(message: Uint8Array, algorithm?: ForgeSignatureAlgorithm): Uint8Array
}

/** Keys that are kept. A property that runs for hours asks for many, and for few of them twice. */
const maximumKeptKeys = 4096
const kept = new Map<string, ForgeKey>()

/**
 * The key pair of a seed: the same on every machine and in every version to come.
 *
 * RSA takes its time (a tenth of a second for 2048 bits), the first time that a seed is used.
 */
export function forgeKey(seed: string, algorithm: ForgeKeyAlgorithm = 'ECDSA-P256'): ForgeKey {
  const name = `certwright/testing/key/1/${algorithm}/${seed}`
  const known = kept.get(name)
  if (known !== undefined) return known
  if (kept.size >= maximumKeptKeys) kept.clear()
  const key = makers[algorithm](name)
  kept.set(name, key)
  return key
}

/** A key pair that nobody had before. */
export const randomKey = (algorithm: ForgeKeyAlgorithm = 'ECDSA-P256'): ForgeKey =>
  makers[algorithm](randomBytes(32).toString('hex'))

const makers: Readonly<Record<ForgeKeyAlgorithm, (name: string) => ForgeKey>> = {
  'ECDSA-P256': (name) => ecKey(name, 'ECDSA-P256', 'P-256', '1.2.840.10045.3.1.7', 'ECDSA-SHA256'),
  'ECDSA-P384': (name) => ecKey(name, 'ECDSA-P384', 'P-384', '1.3.132.0.34', 'ECDSA-SHA384'),
  'ECDSA-P521': (name) => ecKey(name, 'ECDSA-P521', 'P-521', '1.3.132.0.35', 'ECDSA-SHA512'),
  Ed25519: ed25519Key,
  'RSA-1024': (name) => rsaKey(name, 'RSA-1024', 1024),
  'RSA-2048': (name) => rsaKey(name, 'RSA-2048', 2048),
  'RSA-3072': (name) => rsaKey(name, 'RSA-3072', 3072),
  'RSA-4096': (name) => rsaKey(name, 'RSA-4096', 4096),
}

type KeyParts = Omit<ForgeKey, 'spkiDer' | 'pkcs8Der' | 'privateKeyPem' | 'keyIdentifier'> & {
  readonly identifierDer: Uint8Array
  /** Content of the BIT STRING of the public key. */
  readonly keyBits: Uint8Array
  /** Content of the OCTET STRING of the private key. */
  readonly privateContent: Uint8Array
}

function keyOf({ identifierDer, keyBits, privateContent, ...rest }: KeyParts): ForgeKey {
  const pkcs8Der = encode(sequence(integer(0), raw(identifierDer), octetString(privateContent)))
  return {
    ...rest,
    spkiDer: encode(sequence(raw(identifierDer), bitString(keyBits))),
    pkcs8Der,
    privateKeyPem: pemEncode('PRIVATE KEY', pkcs8Der),
    keyIdentifier: new Uint8Array(createHash('sha256').update(keyBits).digest().subarray(0, 20)),
  }
}

function ecKey(
  name: string,
  algorithm: ForgeKeyAlgorithm,
  curveName: CurveName,
  curveOid: string,
  signatureAlgorithm: ForgeSignatureAlgorithm,
): ForgeKey {
  const curve = curves[curveName]
  // 64 bits more than the order has: no remainder is likelier than another (FIPS 186-5 §A.2.1).
  const octets = seededOctets(name, curve.coordinateOctets + 8)
  const scalar = (bigintOf(octets) % (curve.order - 1n)) + 1n
  const keyBits = publicPoint(curve, scalar)
  return keyOf({
    algorithm,
    signatureAlgorithm,
    identifierDer: encode(sequence(objectIdentifier('1.2.840.10045.2.1'), objectIdentifier(curveOid))),
    keyBits,
    // RFC 5915 §3, with the public key, as OpenSSL writes it.
    privateContent: encode(
      sequence(
        integer(1),
        octetString(octetsOf(scalar, curve.coordinateOctets)),
        explicit(1, bitString(keyBits)),
      ),
    ),
    sign: (message, wanted = signatureAlgorithm) =>
      signDeterministically(curve, scalar, message, hashOf(wanted, algorithm, 'ECDSA-')),
  })
}

function ed25519Key(name: string): ForgeKey {
  const seed = seededOctets(name, 32)
  const identifierDer = encode(sequence(objectIdentifier('1.3.101.112')))
  // RFC 8410 §7: an OCTET STRING in the OCTET STRING.
  const privateContent = encode(octetString(seed))
  const privateKey = privateKeyOf(
    encode(sequence(integer(0), raw(identifierDer), octetString(privateContent))),
  )
  const { x = '' } = privateKey.export({ format: 'jwk' })
  return keyOf({
    algorithm: 'Ed25519',
    signatureAlgorithm: 'Ed25519',
    identifierDer,
    keyBits: new Uint8Array(Buffer.from(x, 'base64url')),
    privateContent,
    sign(message, wanted = 'Ed25519') {
      if (wanted !== 'Ed25519') throw otherKey(wanted, 'Ed25519')
      return new Uint8Array(sign(null, message, privateKey))
    },
  })
}

function rsaKey(name: string, algorithm: ForgeKeyAlgorithm, bits: number): ForgeKey {
  const { publicDer, privateDer } = rsaKeyOf(name, bits)
  const identifierDer = encode(sequence(objectIdentifier('1.2.840.113549.1.1.1'), nullValue))
  const privateKey = privateKeyOf(encode(sequence(integer(0), raw(identifierDer), octetString(privateDer))))
  return keyOf({
    algorithm,
    signatureAlgorithm: 'RSA-PKCS1-SHA256',
    identifierDer,
    keyBits: publicDer,
    privateContent: privateDer,
    sign: (message, wanted = 'RSA-PKCS1-SHA256') =>
      new Uint8Array(sign(hashOf(wanted, algorithm, 'RSA-PKCS1-'), message, privateKey)),
  })
}

const privateKeyOf = (pkcs8Der: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.from(pkcs8Der), format: 'der', type: 'pkcs8' })

function hashOf(wanted: ForgeSignatureAlgorithm, algorithm: ForgeKeyAlgorithm, family: string): string {
  const { hash } = signatureRows[wanted]
  if (hash === undefined || !wanted.startsWith(family)) throw otherKey(wanted, algorithm)
  return hash
}

const otherKey = (wanted: ForgeSignatureAlgorithm, algorithm: ForgeKeyAlgorithm): RangeError =>
  new RangeError(`sign: expected an algorithm for ${algorithm}, got ${wanted}`)
