import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isUuid, uuidFrom } from './uuid.js'

describe('a UUID', () => {
  it('is of version 7: the time in milliseconds, version, variant, randomness (RFC 9562 §5.7 and A.6)', () => {
    const random = Uint8Array.from([0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f])
    expect(uuidFrom(new Date(0x017f22e279b0), random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f')
  })

  it('sorts by time', () => {
    const time = fc.integer({ min: 0, max: 2 ** 48 - 1 })
    const random = fc.uint8Array({ minLength: 10, maxLength: 10 })
    fc.assert(
      fc.property(time, time, random, random, (a, b, r, s) => {
        fc.pre(a < b)
        const [first, second] = [uuidFrom(new Date(a), r), uuidFrom(new Date(b), s)]
        expect(first < second).toBe(true)
        expect(isUuid(first)).toBe(true)
      }),
    )
  })

  it('needs 10 random octets', () => {
    expect(() => uuidFrom(new Date(), new Uint8Array(9))).toThrow(RangeError)
  })

  it.each([
    ['braces', '{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}'],
    ['no hyphens', '017f22e279b07cc398c4dc0c0c07398f'],
    ['a digit too many', '017f22e2-79b0-7cc3-98c4-dc0c0c07398f0'],
    ['a line feed behind it', '017f22e2-79b0-7cc3-98c4-dc0c0c07398f\n'],
  ])('is no text with %s', (_, text) => {
    expect(isUuid(text)).toBe(false)
  })
})
