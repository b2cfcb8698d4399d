import { DerReader } from '../asn1/der-reader.js'
import { encode, sequence, unsignedInteger } from '../asn1/der-writer.js'
import { isPkiError } from '../errors/pki-error.js'

/*
 * Two forms of one ECDSA signature: X.509 carries ECDSA-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER } (RFC 3279
 * §2.2.3), WebCrypto takes r and s side by side, each as long as a coordinate (IEEE P1363).
 */

/**
 * @param coordinateOctets 32, 48 or 66
 * @returns `undefined` for a signature that no signer made: not DER, bytes behind it, r or s below 1 or too long
 */
export function ecdsaSignatureToRaw(der: Uint8Array, coordinateOctets: number): Uint8Array | undefined {
  const integers = readIntegers(der)
  if (integers === undefined) return undefined
  const raw = new Uint8Array(2 * coordinateOctets)
  for (const [i, content] of integers.entries()) {
    const first = content[0] as number
    const magnitude = first === 0 ? content.subarray(1) : content
    if (first >= 0x80 || magnitude.length === 0 || magnitude.length > coordinateOctets) return undefined
    raw.set(magnitude, (i + 1) * coordinateOctets - magnitude.length)
  }
  return raw
}

function readIntegers(der: Uint8Array): [Uint8Array, Uint8Array] | undefined {
  try {
    const outer = new DerReader(der)
    const reader = outer.sequence()
    outer.finish()
    const r = reader.integerBytes()
    const s = reader.integerBytes()
    reader.finish()
    return [r, s]
  } catch (error) {
    if (isPkiError(error)) return undefined
    throw error
  }
}

/** @param raw r and s side by side, each half as long as `raw` */
export function ecdsaSignatureFromRaw(raw: Uint8Array): Uint8Array {
  const half = raw.length / 2
  return encode(sequence(unsignedInteger(raw.subarray(0, half)), unsignedInteger(raw.subarray(half))))
}
