import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  compareBytes,
  concatBytes,
  equalBytes,
  equalInConstantTime,
  utf8Decode,
  utf8Encode,
} from './bytes.js'

const octets = fc.uint8Array({ maxLength: 8, max: 3 })

describe('bytes', () => {
  it('are compared alike, in constant time or not', () => {
    fc.assert(
      fc.property(octets, octets, (a, b) => {
        const areEqual = Buffer.compare(a, b) === 0
        expect(equalBytes(a, b)).toBe(areEqual)
        expect(equalInConstantTime(a, b)).toBe(areEqual)
        expect(equalInConstantTime(a, a.slice())).toBe(true)
      }),
    )
  })

  it('are ordered octet by octet, a prefix first (X.690 §11.6)', () => {
    fc.assert(
      fc.property(octets, octets, (a, b) => {
        expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(a, b))
      }),
    )
  })

  it('are joined in their order', () => {
    expect(concatBytes(Uint8Array.of(1), new Uint8Array(), Uint8Array.of(2, 3))).toEqual(
      Uint8Array.of(1, 2, 3),
    )
    expect(concatBytes()).toEqual(new Uint8Array())
  })

  it.each([
    ['an overlong form', [0xc0, 0x80]],
    ['half of a surrogate pair', [0xed, 0xa0, 0x80]],
    ['a sequence that is cut off', [0xe2, 0x82]],
  ])('are no UTF-8 with %s (RFC 3629 §3)', (_, bad) => {
    expect(() => utf8Decode(Uint8Array.from(bad))).toThrow(TypeError)
  })

  it('keep a byte order mark: it is a character like others', () => {
    expect(utf8Decode(utf8Encode('\ufeffa'))).toBe('\ufeffa')
  })
})
