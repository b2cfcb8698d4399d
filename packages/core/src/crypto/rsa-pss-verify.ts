import { concatBytes, equalBytes } from '../encoding/bytes.js'
import { hexDecode } from '../encoding/hex.js'
import type { DigestAlgorithm } from './algorithm-names.js'
import { digestSync } from './digest.js'
import type { SignedMessage } from './provider.js'
import type { PssParameters } from './pss-parameters.js'
import type { RsaPublicKey } from './public-key.js'
import { toBigInt } from './rsa-numbers.js'
import type { SignatureScheme } from './signature-algorithms.js'

/*
 * RSASSA-PSS-VERIFY (RFC 8017 §8.1.2) in JavaScript, for signatures whose MGF1 has another hash than the message has.
 * Neither WebCrypto nor `verify` of node:crypto has an option for it. All others are verified by the platform.
 *
 * Nothing here is secret: key, message and signature are public, and so is every number between them. So nothing has to
 * run in constant time, and BigInt, which cannot, will do. `parsePublicKey` bounds the work: 8192 bits of modulus and
 * 256 of exponent are 512 multiplications at most, some 40 ms, and 52 rounds of MGF1.
 */

type PssScheme = Extract<SignatureScheme, { padding: 'pss' }>

/** Whether a signature is one that no platform verifies. */
export const hasOtherMaskDigest = (scheme: SignatureScheme): scheme is PssScheme =>
  scheme.family === 'RSA' && scheme.padding === 'pss' && scheme.maskDigest !== scheme.digest

/** @returns false for a signature that does not verify or is malformed; never throws for that */
export function verifyPss(parameters: PssParameters, signed: SignedMessage): boolean {
  const { publicKey, message, signature } = signed
  if (publicKey.family !== 'RSA' && publicKey.family !== 'RSA-PSS') {
    throw new TypeError('verifyPss: expected an RSA key')
  }
  const encoded = encodedMessage(publicKey, signature)
  return encoded !== undefined && encodes(encoded, { ...parameters, message, bits: publicKey.bits - 1 })
}

/** RFC 8017 §8.1.2 steps 1 and 2: EM, which is an octet shorter than the modulus where that begins with a single bit. */
function encodedMessage(key: RsaPublicKey, signature: Uint8Array): Uint8Array | undefined {
  if (signature.length !== key.modulus.length) return undefined
  const modulus = toBigInt(key.modulus)
  const representative = toBigInt(signature)
  if (representative >= modulus) return undefined // s + n would be a second signature
  const hex = power(representative, toBigInt(key.exponent), modulus).toString(16)
  const digits = 2 * Math.ceil((key.bits - 1) / 8)
  return hex.length > digits ? undefined : hexDecode(hex.padStart(digits, '0'))
}

interface Encoded extends PssParameters {
  message: Uint8Array
  /** emBits: of the modulus without its first. */
  bits: number
}

/** EMSA-PSS-VERIFY (RFC 8017 §9.1.2), by the names that it has there. */
function encodes(em: Uint8Array, { digest, maskDigest, saltLength, message, bits }: Encoded): boolean {
  const mHash = digestSync(digest, message)
  const paddingLength = em.length - mHash.length - saltLength - 2
  if (paddingLength < 0 || em[em.length - 1] !== 0xbc) return false
  const maskedDb = em.subarray(0, em.length - mHash.length - 1)
  const h = em.subarray(maskedDb.length, em.length - 1)
  const firstOctet = 0xff >> (8 * em.length - bits)
  if ((maskedDb[0] as number) > firstOctet) return false

  const mask = mgf1(maskDigest, h, maskedDb.length)
  const db = maskedDb.map((octet, index) => octet ^ (mask[index] as number))
  db[0] = (db[0] as number) & firstOctet
  if (db[paddingLength] !== 1 || db.subarray(0, paddingLength).some((octet) => octet !== 0)) return false
  const salt = db.subarray(paddingLength + 1)
  return equalBytes(h, digestSync(digest, concatBytes(new Uint8Array(8), mHash, salt)))
}

/** RFC 8017 §B.2.1. */
function mgf1(digest: DigestAlgorithm, seed: Uint8Array, length: number): Uint8Array {
  const mask = new Uint8Array(length)
  const counter = new Uint8Array(4) // whose last octet does: 52 rounds of SHA-1 make 8192 bits
  for (let at = 0; at < length; counter[3] = (counter[3] as number) + 1) {
    const block = digestSync(digest, concatBytes(seed, counter)).subarray(0, length - at)
    mask.set(block, at)
    at += block.length
  }
  return mask
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  for (const bit of exponent.toString(2)) {
    result = (result * result) % modulus
    if (bit === '1') result = (result * base) % modulus
  }
  return result
}
