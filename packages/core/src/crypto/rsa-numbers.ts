import type { DerReader } from '../asn1/der-reader.js'
import { hexEncode } from '../encoding/hex.js'
import { PkiError } from '../errors/pki-error.js'

/**
 * A positive INTEGER as its magnitude: big-endian, no sign octet, never empty.
 *
 * @param what its name for the error
 * @throws {PkiError} `invalid_key`: zero or negative
 */
export function readPositive(reader: DerReader, what: string): Uint8Array {
  const content = reader.integerBytes()
  const first = content[0] as number
  if (first >= 0x80 || (first === 0 && content.length === 1)) {
    throw new PkiError('invalid_key', `Cannot read RSA key: its ${what} is not positive`, {
      algorithm: 'RSA',
    })
  }
  return first === 0 ? content.subarray(1) : content
}

export const bitLength = (magnitude: Uint8Array): number =>
  magnitude.length * 8 - (Math.clz32(magnitude[0] as number) - 24)

export const isOdd = (magnitude: Uint8Array): boolean =>
  ((magnitude[magnitude.length - 1] as number) & 1) === 1

/** @param magnitude not empty */
export const toBigInt = (magnitude: Uint8Array): bigint => BigInt(`0x${hexEncode(magnitude)}`)
