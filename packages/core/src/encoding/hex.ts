import { PkiError } from '../errors/pki-error.js'

const digitPairs = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'))

/** Lowercase hex, two digits an octet. */
export function hexEncode(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i++) text += digitPairs[bytes[i] as number]
  return text
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
