import { PkiError } from '../errors/pki-error.js'
import { utf8Decode, utf8Encode } from './bytes.js'

const digits = utf8Encode('0123456789abcdef')

/**
 * Lowercase hex, two digits an octet.
 *
 * Into an array and not into a string, as in base64.ts: what is kept of a certificate has two hundred of these digits.
 */
export function hexEncode(bytes: Uint8Array): string {
  const text = new Uint8Array(2 * bytes.length)
  for (let i = 0; i < bytes.length; i++) writeOctet(bytes[i] as number, text, 2 * i)
  return utf8Decode(text)
}

/** Its two digits as ASCII. */
export function writeOctet(octet: number, text: Uint8Array, offset: number): void {
  text[offset] = digits[octet >> 4] as number
  text[offset + 1] = digits[octet & 15] as number
}

/** @throws {PkiError} `invalid_encoding`: odd length, or a character that is no hex digit */
export function hexDecode(text: string): Uint8Array {
  if (text.length % 2 !== 0) {
    throw new PkiError('invalid_encoding', `Cannot read hex: ${text.length} digits are an odd number`, {
      encoding: 'hex',
      offset: text.length,
    })
  }
  const bytes = new Uint8Array(text.length / 2)
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = digitAt(text, 2 * i) * 16 + digitAt(text, 2 * i + 1)
  }
  return bytes
}

function digitAt(text: string, offset: number): number {
  const code = text.charCodeAt(offset)
  if (code >= 48 && code <= 57) return code - 48
  const lower = code | 0x20
  if (lower >= 97 && lower <= 102) return lower - 87
  throw new PkiError('invalid_encoding', `Cannot read hex: no hex digit at offset ${offset}`, {
    encoding: 'hex',
    offset,
  })
}
