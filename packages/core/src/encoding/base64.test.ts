import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { base64Decode, base64Lines, base64urlEncode } from './base64.js'
import { utf8Encode } from './bytes.js'

describe('base64', () => {
  it.each([
    ['', ''],
    ['f', 'Zg==\n'],
    ['fo', 'Zm8=\n'],
    ['foo', 'Zm9v\n'],
    ['foob', 'Zm9v\nYg==\n'],
    ['fooba', 'Zm9v\nYmE=\n'],
    ['foobar', 'Zm9v\nYmFy\n'],
  ])('writes "%s" as RFC 4648 §10 does, in lines of four', (text, expected) => {
    expect(base64Lines(utf8Encode(text), 4)).toBe(expected)
  })

  it('is what the platform writes, and comes back as it went in', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64')
        expect(base64Lines(bytes, 64)).toBe(text.replaceAll(/.{1,64}/g, '$&\n'))
        expect(base64urlEncode(bytes)).toBe(Buffer.from(bytes).toString('base64url'))
        expect(base64Decode(text)).toEqual(bytes)
      }),
    )
  })

  it.each([
    ['a length that is no multiple of 4 (§3.2)', 'Zg', 2],
    ['padding alone', '====', 0],
    ['three signs of padding', 'Z===', 1],
    ['padding in front of the end', 'Zg==Zg==', 2],
    ['white space (§3.3)', 'Zm 9', 2],
    ['a line feed', 'Zm9\n', 3],
    ['the alphabet of base64url', 'Zm9_', 3],
    ['bits behind the last octet, one octet (§3.5)', 'Zh==', 0],
    ['bits behind the last octet, two octets', 'Zm9vZm9=', 4],
    ['a character above ASCII', 'Zm9é', 3],
  ])('refuses %s', (_, text, offset) => {
    const context = { encoding: 'base64', offset }
    expect(() => base64Decode(text)).toThrow(expect.objectContaining({ code: 'invalid_encoding', context }))
  })

  it('has one text for one value', () => {
    fc.assert(
      fc.property(fc.base64String(), (text) => {
        let bytes: Uint8Array
        try {
          bytes = base64Decode(text)
        } catch {
          return
        }
        expect(Buffer.from(bytes).toString('base64')).toBe(text)
      }),
    )
  })
})
