import { PkiError } from '../errors/pki-error.js'
import { utf8Decode, utf8Encode } from './bytes.js'

const standardAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

const codes = utf8Encode(standardAlphabet)
const urlCodes = utf8Encode(standardAlphabet.replace('+/', '-_'))
const padding = 0x3d

const lineFeed = 0x0a

/** Base64 with padding, RFC 4648 §4, in lines of so many columns, each with a line feed at its end. */
export function base64Lines(bytes: Uint8Array, columns: number): string {
  const digits = Math.ceil(bytes.length / 3) * 4
  const lines = Math.ceil(digits / columns)
  const out = new Uint8Array(digits + lines)
  out.fill(padding, writeDigits(codes, bytes, out), digits)
  // The last line first: each moves to where others have left.
  for (let line = lines - 1; line >= 0; line--) {
    const start = line * columns
    const end = Math.min(start + columns, digits)
    out.copyWithin(start + line, start, end)
    out[end + line] = lineFeed
  }
  return utf8Decode(out)
}

/** Base64url without padding, RFC 4648 §5. */
export function base64urlEncode(bytes: Uint8Array): string {
  const out = new Uint8Array(Math.ceil(bytes.length / 3) * 4)
  return utf8Decode(out.subarray(0, writeDigits(urlCodes, bytes, out)))
}

/**
 * Into an array and not into a string: a string that grows by one character is a tree of strings, which a certificate in
 * PEM would feel.
 *
 * @returns how many digits are written
 */
function writeDigits(alphabet: Uint8Array, bytes: Uint8Array, out: Uint8Array): number {
  let written = 0
  const whole = bytes.length - (bytes.length % 3)
  for (let i = 0; i < whole; i += 3) {
    const group = ((bytes[i] as number) << 16) | ((bytes[i + 1] as number) << 8) | (bytes[i + 2] as number)
    out[written++] = alphabet[group >> 18] as number
    out[written++] = alphabet[(group >> 12) & 63] as number
    out[written++] = alphabet[(group >> 6) & 63] as number
    out[written++] = alphabet[group & 63] as number
  }
  if (whole === bytes.length) return written
  const hasTwo = whole + 2 === bytes.length
  const group = ((bytes[whole] as number) << 16) | (hasTwo ? (bytes[whole + 1] as number) << 8 : 0)
  out[written++] = alphabet[group >> 18] as number
  out[written++] = alphabet[(group >> 12) & 63] as number
  if (hasTwo) out[written++] = alphabet[(group >> 6) & 63] as number
  return written
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
  // All but the last group, which may be padded. What is wrong anywhere is found, and told, by the loop behind.
  let start = 0
  for (; start + 4 < text.length; start += 4) {
    const a = valueAt(text, start)
    const b = valueAt(text, start + 1)
    const c = valueAt(text, start + 2)
    const d = valueAt(text, start + 3)
    if ((a | b | c | d) < 0) break
    bytes[written++] = (a << 2) | (b >> 4)
    bytes[written++] = ((b & 15) << 4) | (c >> 2)
    bytes[written++] = ((c & 3) << 6) | d
  }
  for (let i = start; i < text.length; i += 4) {
    const isLast = i + 4 === text.length
    const digits = isLast ? 4 - padding : 4
    let group = 0
    for (let j = 0; j < digits; j++) {
      const value = valueAt(text, i + j)
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

/** -1: not in the alphabet. */
function valueAt(text: string, offset: number): number {
  const code = text.charCodeAt(offset)
  return code < 128 ? (valueOfCode[code] as number) : -1
}

function invalidBase64(offset: number, state: string): PkiError<'invalid_encoding'> {
  return new PkiError('invalid_encoding', `Cannot read base64 at offset ${offset}: ${state}`, {
    encoding: 'base64',
    offset,
  })
}
