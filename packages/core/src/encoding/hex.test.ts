import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hexDecode, hexEncode } from './hex.js'

const invalid = (offset: number) =>
  expect.objectContaining({ code: 'invalid_encoding', context: { encoding: 'hex', offset } })

describe('hex', () => {
  it('comes back as it went in, in lowercase, also from uppercase', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = hexEncode(bytes)
        expect(text).toMatch(/^([0-9a-f]{2})*$/)
        expect(hexDecode(text)).toEqual(bytes)
        expect(hexDecode(text.toUpperCase())).toEqual(bytes)
      }),
    )
  })

  it.each([
    ['an odd number of digits', 'abc', 3],
    ['a letter behind f', '00fg', 3],
    ['a character between the digits and the letters', '0:', 1],
    ['a prefix', '0x01', 1],
    ['white space', 'ab cd ', 2],
    ['a character above ASCII that has the low bits of a digit', `0${String.fromCharCode(0x131)}`, 1],
  ])('refuses %s', (_, text, offset) => {
    expect(() => hexDecode(text)).toThrow(invalid(offset))
  })
})
