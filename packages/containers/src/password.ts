import { invalidInput } from './container-errors.js'

/*
 * A password is text, key derivations take octets, and each format says otherwise how one becomes the other: UTF-8 for
 * PBES2 (what RFC 8018 §3 recommends, OpenSSL and Java do), UTF-16 in network order with two zero octets at its end for
 * the MAC of PKCS#12 (RFC 7292 §B.1). Nobody normalizes, so neither do we: "é" in one and in two code points are two
 * passwords. What UTF-8 cannot carry, half of a surrogate pair, would silently become U+FFFD and make different passwords
 * equal; it is refused.
 */

/** In UTF-16 code units. OpenSSL's prompt takes 1024 octets, and key derivations hash a password whole. */
const maximumLength = 1024

/**
 * A password that is to open what is written: neither empty, which protects nothing and which readers take for two
 * different keys, nor with a NUL, where programs in C would cut it.
 *
 * @throws {PkiError} `invalid_request`
 */
export function checkNewPassword(password: string, action: string): void {
  checkPassword(password, action)
  if (password === '') throw invalidInput(action, 'password', 'must not be empty')
  if (password.includes('\0')) throw invalidInput(action, 'password', 'must not contain the character NUL')
}

/**
 * A password that may open what was written elsewhere: the empty one is in use.
 *
 * @throws {PkiError} `invalid_request`
 */
export function checkPassword(password: string, action: string): void {
  if (typeof password !== 'string') throw new TypeError(`password: expected a string, got ${typeof password}`)
  if (password.length > maximumLength) {
    throw invalidInput(action, 'password', `must have at most ${maximumLength} characters`)
  }
  if (!isWellFormed(password))
    throw invalidInput(action, 'password', 'must not contain half of a surrogate pair')
}

/** As PBES2 takes it. The caller overwrites it after use. */
export const utf8Password = (password: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(password)

/** As PKCS#12 takes it: a BMPString with its terminator, which may hold surrogate pairs. The caller overwrites it. */
export function bmpPassword(password: string): Uint8Array<ArrayBuffer> {
  const octets = new Uint8Array(2 * password.length + 2)
  octets.set(utf16(password))
  return octets
}

/** UTF-16 in network order. */
export function utf16(text: string): Uint8Array<ArrayBuffer> {
  const octets = new Uint8Array(2 * text.length)
  const view = new DataView(octets.buffer)
  for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i))
  return octets
}

/** `String.prototype.isWellFormed`, which ES2022 lacks. */
export const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text)
