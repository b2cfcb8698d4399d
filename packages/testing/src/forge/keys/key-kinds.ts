import { createHash, createPrivateKey, type KeyObject, sign } from 'node:crypto'
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
import type { RsaKey } from './rsa.js'
import { octetsOf } from './seeded-octets.js'
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
  /** What it signs with where nobody says. */
  readonly signatureAlgorithm: ForgeSignatureAlgorithm
  /**
   * No randomness: the same message has the same signature.
   *
   * @returns as X.509 carries it: ECDSA-Sig-Value in DER, the others raw
   * @throws {RangeError} the algorithm is for another kind of key
   */
  sign(message: Uint8Array, algorithm?: ForgeSignatureAlgorithm): Uint8Array
}

interface EcKind {
  readonly algorithm: ForgeKeyAlgorithm
  readonly identifierDer: Uint8Array
  readonly signatureAlgorithm: ForgeSignatureAlgorithm
}

const ecKinds: Readonly<Record<CurveName, EcKind>> = {
  'P-256': ecKind('ECDSA-P256', '1.2.840.10045.3.1.7', 'ECDSA-SHA256'),
  'P-384': ecKind('ECDSA-P384', '1.3.132.0.34', 'ECDSA-SHA384'),
  'P-521': ecKind('ECDSA-P521', '1.3.132.0.35', 'ECDSA-SHA512'),
}

function ecKind(
  algorithm: ForgeKeyAlgorithm,
  curveOid: string,
  signatureAlgorithm: ForgeSignatureAlgorithm,
): EcKind {
  const identifierDer = encode(sequence(objectIdentifier('1.2.840.10045.2.1'), objectIdentifier(curveOid)))
  return { algorithm, identifierDer, signatureAlgorithm }
}

/** @param scalar from 1 to the order of the curve, exclusive */
export function ecKey(curveName: CurveName, scalar: bigint): ForgeKey {
  const curve = curves[curveName]
  const { signatureAlgorithm, ...kind } = ecKinds[curveName]
  const keyBits = publicPoint(curve, scalar)
  return keyOf({
    ...kind,
    signatureAlgorithm,
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
      signDeterministically(curve, scalar, message, hashOf(wanted, kind.algorithm, 'ECDSA-')),
  })
}

/** @param seed 32 octets (RFC 8032 §5.1.5) */
export function ed25519Key(seed: Uint8Array): ForgeKey {
  const identifierDer = encode(sequence(objectIdentifier('1.3.101.112')))
  // RFC 8410 §7: an OCTET STRING in the OCTET STRING.
  const privateContent = encode(octetString(seed))
  const privateKey = privateKeyOf(pkcs8(identifierDer, privateContent))
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

export function rsaKey(algorithm: ForgeKeyAlgorithm, { publicDer, privateDer }: RsaKey): ForgeKey {
  const identifierDer = encode(sequence(objectIdentifier('1.2.840.113549.1.1.1'), nullValue))
  const privateKey = privateKeyOf(pkcs8(identifierDer, privateDer))
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

type KeyParts = Omit<ForgeKey, 'spkiDer' | 'pkcs8Der' | 'privateKeyPem' | 'keyIdentifier'> & {
  readonly identifierDer: Uint8Array
  /** Content of the BIT STRING of the public key. */
  readonly keyBits: Uint8Array
  /** Content of the OCTET STRING of the private key. */
  readonly privateContent: Uint8Array
}

function keyOf({ identifierDer, keyBits, privateContent, ...rest }: KeyParts): ForgeKey {
  const pkcs8Der = pkcs8(identifierDer, privateContent)
  return {
    ...rest,
    spkiDer: encode(sequence(raw(identifierDer), bitString(keyBits))),
    pkcs8Der,
    privateKeyPem: pemEncode('PRIVATE KEY', pkcs8Der),
    keyIdentifier: new Uint8Array(createHash('sha256').update(keyBits).digest().subarray(0, 20)),
  }
}

const pkcs8 = (identifierDer: Uint8Array, privateContent: Uint8Array): Uint8Array =>
  encode(sequence(integer(0), raw(identifierDer), octetString(privateContent)))

const privateKeyOf = (pkcs8Der: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.from(pkcs8Der), format: 'der', type: 'pkcs8' })

function hashOf(wanted: ForgeSignatureAlgorithm, algorithm: ForgeKeyAlgorithm, family: string): string {
  const { hash } = signatureRows[wanted]
  if (hash === undefined || !wanted.startsWith(family)) throw otherKey(wanted, algorithm)
  return hash
}

const otherKey = (wanted: ForgeSignatureAlgorithm, algorithm: ForgeKeyAlgorithm): RangeError =>
  new RangeError(`sign: expected an algorithm for ${algorithm}, got ${wanted}`)
