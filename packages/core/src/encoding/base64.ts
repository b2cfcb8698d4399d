import { PkiError } from '../errors/pki-error.js'

const standardAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const urlAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Base64 with padding, RFC 4648 §4, without line breaks. */
export function base64Encode(bytes: Uint8Array): string {
  const text = encodeWith(standardAlphabet, bytes)
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=')
}

/** Base64url without padding, RFC 4648 §5. */
export const base64urlEncode = (bytes: Uint8Array): string => encodeWith(urlAlphabet, bytes)

function encodeWith(alphabet: string, bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i
    const group =
      ((bytes[i] as number) << 16) |
      ((left > 1 ? (bytes[i + 1] as number) : 0) << 8) |
      (left > 2 ? (bytes[i + 2] as number) : 0)
    text += alphabet.charAt(group >> 18) + alphabet.charAt((group >> 12) & 63)
    if (left > 1) text += alphabet.charAt((group >> 6) & 63)
    if (left > 2) text += alphabet.charAt(group & 63)
  }
  return text
}

const valueOfCode = new Int8Array(128).fill(-1)
for (let value = 0; value < 64; value++) valueOfCode[standardAlphabet.charCodeAt(value)] = value

/**
 * Strict base64, RFC 4648 §4: padding required, no white space, no bits behind the last octet. One text for one value.
 *
 * @throws {PkiError} `invalid_encoding` with the offset of the first character that is wrong
 */
export function base64Decode(text: string): Uint8Array {
  if (text.length % 4 !== 0) throw invalidBase64(text.length, 'the length is no multiple of 4')
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const bytes = new Uint8Array((text.length / 4) * 3 - padding)
  let written = 0
  for (let i = 0; i < text.length; i += 4) {
    const isLast = i + 4 === text.length
    const digits = isLast ? 4 - padding : 4
    let group = 0
    for (let j = 0; j < digits; j++) {
      const code = text.charCodeAt(i + j)
      const value = code < 128 ? (valueOfCode[code] as number) : -1
      if (value < 0) throw invalidBase64(i + j, 'the character is not in the alphabet')
      group |= value << (18 - 6 * j)
    }
    if (isLast && ((padding === 2 && (group & 0xffff) !== 0) || (padding === 1 && (group & 0xff) !== 0))) {
      throw invalidBase64(i, 'there are bits behind the last octet')
    }
    bytes[written++] = group >> 16
    if (written < bytes.length) bytes[written++] = (group >> 8) & 0xff
    if (written < bytes.length) bytes[written++] = group & 0xff
  }
  return bytes
}

function invalidBase64(offset: number, state: string): PkiError<'invalid_encoding'> {
  return new PkiError('invalid_encoding', `Cannot read base64 at offset ${offset}: ${state}`, {
    encoding: 'base64',
    offset,
  })
}
