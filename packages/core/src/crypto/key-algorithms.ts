import { encode, nullValue, objectIdentifier, sequence } from '../asn1/der-writer.js'
import type {
  EdDsaAlgorithm,
  KeyAlgorithm,
  MlDsaAlgorithm,
  SignatureAlgorithm,
  SlhDsaAlgorithm,
  WholeMessageAlgorithm,
} from './algorithm-names.js'

/*
 * All that is known of each key algorithm. Nothing outside this folder enumerates them.
 */

export type KeyShape =
  /** `bits`: length of the modulus. RSA-PSS: a key under id-RSASSA-PSS, which has no other use. */
  | { family: 'RSA' | 'RSA-PSS'; bits: number }
  /** `bits`: length of the field's prime; `coordinateOctets`: of a coordinate, and of a private scalar. */
  | {
      family: 'ECDSA'
      bits: number
      curve: 'P-256' | 'P-384' | 'P-521'
      curveOid: string
      coordinateOctets: number
    }
  | WholeMessageShape

/** Keys and signatures that are octet strings of one length. `bits`: length of the public key. */
export type WholeMessageShape = (
  | { family: 'EdDSA'; name: EdDsaAlgorithm }
  | { family: 'ML-DSA'; name: MlDsaAlgorithm }
  | { family: 'SLH-DSA'; name: SlhDsaAlgorithm }
) & {
  bits: number
  publicKeyOctets: number
  /** EdDSA: of the seed (RFC 8032); ML-DSA: of the expanded key (FIPS 204 table 2); SLH-DSA: 4n (FIPS 205 §9.1). */
  privateKeyOctets: number
  signatureOctets: number
}

export type KeyAlgorithmRow = KeyShape & {
  name: KeyAlgorithm
  /** AlgorithmIdentifier of the key, in SubjectPublicKeyInfo and in PKCS#8 alike. */
  identifierDer: Uint8Array
  /** What a key signs with where nobody chose. */
  defaultSignatureAlgorithm: SignatureAlgorithm
  /** What a key may sign with. Verifying is more liberal: any algorithm of the family. */
  signatureAlgorithms: readonly SignatureAlgorithm[]
  /**
   * Symmetric strength, NIST SP 800-57 part 1 table 2; RSA-4096 by SP 800-56B revision 2 table 4; of ML-DSA and SLH-DSA
   * the strength of the category that FIPS 204 §4 and FIPS 205 §11 claim.
   */
  securityBits: number
  /** Whether a quantum computer leaves it its strength. */
  isPostQuantum: boolean
}

export type WholeMessageRow = KeyAlgorithmRow & WholeMessageShape

export const rsaEncryptionOid = '1.2.840.113549.1.1.1'
export const rsassaPssOid = '1.2.840.113549.1.1.10'
export const ecPublicKeyOid = '1.2.840.10045.2.1'

/** RFC 3279 §2.3.1: parameters MUST be NULL. */
export const rsaKeyIdentifierDer = encode(sequence(objectIdentifier(rsaEncryptionOid), nullValue))

/** RFC 4055 §3.1: absent where the key may be used with any parameters. */
const rsaPssKeyIdentifierDer = encode(sequence(objectIdentifier(rsassaPssOid)))

/** RFC 8410 §3, RFC 9881 §2, RFC 9909 §3: parameters MUST be absent. Keys and signatures have the same identifier. */
export const wholeMessageOids: Readonly<Record<WholeMessageAlgorithm, string>> = {
  Ed25519: '1.3.101.112',
  Ed448: '1.3.101.113',
  'ML-DSA-44': '2.16.840.1.101.3.4.3.17',
  'ML-DSA-65': '2.16.840.1.101.3.4.3.18',
  'ML-DSA-87': '2.16.840.1.101.3.4.3.19',
  'SLH-DSA-SHA2-128s': '2.16.840.1.101.3.4.3.20',
  'SLH-DSA-SHA2-128f': '2.16.840.1.101.3.4.3.21',
  'SLH-DSA-SHA2-192s': '2.16.840.1.101.3.4.3.22',
  'SLH-DSA-SHA2-192f': '2.16.840.1.101.3.4.3.23',
  'SLH-DSA-SHA2-256s': '2.16.840.1.101.3.4.3.24',
  'SLH-DSA-SHA2-256f': '2.16.840.1.101.3.4.3.25',
  'SLH-DSA-SHAKE-128s': '2.16.840.1.101.3.4.3.26',
  'SLH-DSA-SHAKE-128f': '2.16.840.1.101.3.4.3.27',
  'SLH-DSA-SHAKE-192s': '2.16.840.1.101.3.4.3.28',
  'SLH-DSA-SHAKE-192f': '2.16.840.1.101.3.4.3.29',
  'SLH-DSA-SHAKE-256s': '2.16.840.1.101.3.4.3.30',
  'SLH-DSA-SHAKE-256f': '2.16.840.1.101.3.4.3.31',
}

export const wholeMessageKeys: Readonly<Record<WholeMessageAlgorithm, WholeMessageRow>> = {
  Ed25519: edDsa('Ed25519', 32, 128),
  Ed448: edDsa('Ed448', 57, 224),
  'ML-DSA-44': mlDsa('ML-DSA-44', { publicKey: 1312, privateKey: 2560, signature: 2420 }, 128),
  'ML-DSA-65': mlDsa('ML-DSA-65', { publicKey: 1952, privateKey: 4032, signature: 3309 }, 192),
  'ML-DSA-87': mlDsa('ML-DSA-87', { publicKey: 2592, privateKey: 4896, signature: 4627 }, 256),
  'SLH-DSA-SHA2-128s': slhDsa('SLH-DSA-SHA2-128s', 128, 7856),
  'SLH-DSA-SHA2-128f': slhDsa('SLH-DSA-SHA2-128f', 128, 17088),
  'SLH-DSA-SHA2-192s': slhDsa('SLH-DSA-SHA2-192s', 192, 16224),
  'SLH-DSA-SHA2-192f': slhDsa('SLH-DSA-SHA2-192f', 192, 35664),
  'SLH-DSA-SHA2-256s': slhDsa('SLH-DSA-SHA2-256s', 256, 29792),
  'SLH-DSA-SHA2-256f': slhDsa('SLH-DSA-SHA2-256f', 256, 49856),
  'SLH-DSA-SHAKE-128s': slhDsa('SLH-DSA-SHAKE-128s', 128, 7856),
  'SLH-DSA-SHAKE-128f': slhDsa('SLH-DSA-SHAKE-128f', 128, 17088),
  'SLH-DSA-SHAKE-192s': slhDsa('SLH-DSA-SHAKE-192s', 192, 16224),
  'SLH-DSA-SHAKE-192f': slhDsa('SLH-DSA-SHAKE-192f', 192, 35664),
  'SLH-DSA-SHAKE-256s': slhDsa('SLH-DSA-SHAKE-256s', 256, 29792),
  'SLH-DSA-SHAKE-256f': slhDsa('SLH-DSA-SHAKE-256f', 256, 49856),
}

export const keyAlgorithms: Readonly<Record<KeyAlgorithm, KeyAlgorithmRow>> = {
  'RSA-2048': rsa('RSA-2048', 2048, 112),
  'RSA-3072': rsa('RSA-3072', 3072, 128),
  'RSA-4096': rsa('RSA-4096', 4096, 152),
  'ECDSA-P256': ecdsa('ECDSA-P256', 'P-256', 256, '1.2.840.10045.3.1.7', [
    'ECDSA-SHA256',
    'ECDSA-SHA384',
    'ECDSA-SHA512',
  ]),
  'ECDSA-P384': ecdsa('ECDSA-P384', 'P-384', 384, '1.3.132.0.34', ['ECDSA-SHA384', 'ECDSA-SHA512']),
  'ECDSA-P521': ecdsa('ECDSA-P521', 'P-521', 521, '1.3.132.0.35', ['ECDSA-SHA512']),
  'RSA-PSS-2048': rsaPss('RSA-PSS-2048', 2048, 112),
  'RSA-PSS-3072': rsaPss('RSA-PSS-3072', 3072, 128),
  'RSA-PSS-4096': rsaPss('RSA-PSS-4096', 4096, 152),
  ...wholeMessageKeys,
}

/** The names as a tuple, which is what an enum of a request schema is made from. */
export const keyAlgorithmNames = Object.keys(keyAlgorithms) as readonly string[] as readonly [
  KeyAlgorithm,
  ...KeyAlgorithm[],
]

function rsa(name: KeyAlgorithm, bits: number, securityBits: number): KeyAlgorithmRow {
  return {
    name,
    family: 'RSA',
    bits,
    identifierDer: rsaKeyIdentifierDer,
    defaultSignatureAlgorithm: 'RSA-PKCS1-SHA256',
    signatureAlgorithms: [
      'RSA-PKCS1-SHA256',
      'RSA-PKCS1-SHA384',
      'RSA-PKCS1-SHA512',
      'RSA-PSS-SHA256',
      'RSA-PSS-SHA384',
      'RSA-PSS-SHA512',
    ],
    securityBits,
    isPostQuantum: false,
  }
}

function rsaPss(name: KeyAlgorithm, bits: number, securityBits: number): KeyAlgorithmRow {
  return {
    name,
    family: 'RSA-PSS',
    bits,
    identifierDer: rsaPssKeyIdentifierDer,
    defaultSignatureAlgorithm: 'RSA-PSS-SHA256',
    signatureAlgorithms: ['RSA-PSS-SHA256', 'RSA-PSS-SHA384', 'RSA-PSS-SHA512'],
    securityBits,
    isPostQuantum: false,
  }
}

/**
 * RFC 5480 §2.1.1: the curve is named, by its object identifier. §4: the digest is at least as strong as the curve, so
 * the first of `signatureAlgorithms` is the one that fits it (CA/B BR 7.1.3.2.2).
 */
function ecdsa(
  name: KeyAlgorithm,
  curve: 'P-256' | 'P-384' | 'P-521',
  bits: number,
  curveOid: string,
  signatureAlgorithms: readonly [SignatureAlgorithm, ...SignatureAlgorithm[]],
): KeyAlgorithmRow {
  return {
    name,
    family: 'ECDSA',
    bits,
    curve,
    curveOid,
    coordinateOctets: Math.ceil(bits / 8),
    identifierDer: encode(sequence(objectIdentifier(ecPublicKeyOid), objectIdentifier(curveOid))),
    defaultSignatureAlgorithm: signatureAlgorithms[0],
    signatureAlgorithms,
    securityBits: Math.floor(bits / 2),
    isPostQuantum: false,
  }
}

function edDsa(name: EdDsaAlgorithm, octets: number, securityBits: number): WholeMessageRow {
  const lengths = { publicKey: octets, privateKey: octets, signature: 2 * octets }
  return { ...wholeMessage(name, lengths, securityBits), family: 'EdDSA', isPostQuantum: false }
}

/** FIPS 204 table 2. */
function mlDsa(name: MlDsaAlgorithm, lengths: Lengths, securityBits: number): WholeMessageRow {
  return { ...wholeMessage(name, lengths, securityBits), family: 'ML-DSA', isPostQuantum: true }
}

/** FIPS 205 table 2: a public key has 2n octets, a private key 4n. */
function slhDsa(name: SlhDsaAlgorithm, securityBits: number, signature: number): WholeMessageRow {
  const n = securityBits / 8
  const lengths = { publicKey: 2 * n, privateKey: 4 * n, signature }
  return { ...wholeMessage(name, lengths, securityBits), family: 'SLH-DSA', isPostQuantum: true }
}

interface Lengths {
  publicKey: number
  privateKey: number
  signature: number
}

function wholeMessage<N extends WholeMessageAlgorithm>(name: N, lengths: Lengths, securityBits: number) {
  return {
    name,
    bits: 8 * lengths.publicKey,
    publicKeyOctets: lengths.publicKey,
    privateKeyOctets: lengths.privateKey,
    signatureOctets: lengths.signature,
    identifierDer: encode(sequence(objectIdentifier(wholeMessageOids[name]))),
    defaultSignatureAlgorithm: name,
    signatureAlgorithms: [name],
    securityBits,
  }
}
