import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hexDecode, hexEncode } from '../encoding/hex.js'
import { DerReader } from './der-reader.js'

const read = (hex: string): DerReader => new DerReader(hexDecode(hex))
const invalid = (offset: number) => expect.objectContaining({ code: 'invalid_der', context: { offset } })
const tooLarge = expect.objectContaining({ code: 'der_limit_exceeded' })

describe('the header of an element', () => {
  it.each([
    ['has no indefinite length (X.690 §10.1)', '3080020101000000'],
    ['has none of 128, which looks like it', `3080${'00'.repeat(128)}`],
    ['has no long form where the short one is enough (§10.1)', '3081020101'],
    ['has no leading zero octet in its length (§10.1)', `30820081${'00'.repeat(129)}`],
    ['claims no more than there is', '30050201'],
    ['is not cut off behind the tag', '30'],
    ['is not cut off inside the length', '3082'],
  ])('%s', (_, hex) => {
    expect(() => read(hex).sequence()).toThrow(expect.objectContaining({ code: 'invalid_der' }))
  })

  it('has no length of more than four octets: nothing is that long', () => {
    expect(() => read('30850100000000').sequence()).toThrow(tooLarge)
    expect(() => read('30ff').sequence()).toThrow(tooLarge)
  })

  it('has no tag number above 30 where a type is expected: X.509 uses none', () => {
    expect(() => read('9f1f00').read(0x9f)).toThrow(invalid(0))
    expect(() => read('9f00').read(0x9f)).toThrow(invalid(0))
  })

  it('is where the error says, counted from the start of the outermost input', () => {
    const inner = read('300930073005020100020300').sequence().sequence().sequence()
    inner.integerBytes()
    expect(() => inner.integerBytes()).toThrow(invalid(9))
  })

  it('cannot reach out of the element around it', () => {
    // The inner OCTET STRING claims three octets, of which two stand behind the SEQUENCE.
    expect(() => read('30030403000000').sequence().octetString()).toThrow(invalid(2))
    // The tag number goes on behind the SEQUENCE.
    expect(() => read('30029f811f00').sequence().readAny()).toThrow(invalid(4))
  })

  it('is whole, and what is missing behind it is missing from the element', () => {
    expect(() => read('308180').sequence()).toThrow(invalid(0))
    expect(() => read('').readAny()).toThrow(invalid(0))
  })

  it.each([
    ['the type by its name', '0500', 'null stands where sequence is expected'],
    ['a number of the context', 'a100', '[1] stands where sequence is expected'],
    ['any other tag as it is', '4100', 'tag 0x41 stands where sequence is expected'],
    ['nothing', '', 'the input ends where sequence is expected'],
  ])('is named where another is expected: %s', (_, hex, message) => {
    expect(() => read(hex).sequence()).toThrow(message)
  })
})

describe('what stands behind a structure', () => {
  it('is refused', () => {
    const outer = read('300000')
    outer.sequence()
    expect(() => outer.finish()).toThrow(invalid(2))
  })
})

/** Up to 63 levels, so that every length has one octet. */
const nested = (levels: number): Uint8Array =>
  Uint8Array.from({ length: 2 * levels }, (_, i) => (i % 2 === 0 ? 0x30 : 2 * levels - i - 1))

describe('nesting', () => {
  it('is read down to 32 levels, and no further', () => {
    expect(new DerReader(nested(32)).readAny()).toHaveLength(64)
    expect(() => new DerReader(nested(33)).readAny()).toThrow(tooLarge)
  })
})

describe('size', () => {
  it('is limited to 256 MiB', () => {
    // Not filled: the platform gives zero pages, and nobody reads them.
    expect(() => new DerReader(new Uint8Array((1 << 28) + 1))).toThrow(tooLarge)
    expect(new DerReader(new Uint8Array(1 << 28)).atEnd).toBe(false)
  })
})

describe('BOOLEAN', () => {
  it.each([
    ['is ff where it is true (X.690 §11.1)', '010101'],
    ['has one octet (§8.2.1)', '01020000'],
    ['is not empty', '0100'],
    ['is not constructed', '2103010100'],
  ])('%s', (_, hex) => {
    expect(() => read(hex).boolean()).toThrow(invalid(0))
  })

  it('is left out where it has its default value (§11.5)', () => {
    expect(() => read('010100').booleanDefaultFalse()).toThrow(invalid(0))
    expect(read('0101ff').booleanDefaultFalse()).toBe(true)
    expect(read('0500').booleanDefaultFalse()).toBe(false)
  })

  it('may have its default encoded where a caller takes that', () => {
    expect(read('010100').booleanOrAbsent()).toBe(false)
    expect(read('0101ff').booleanOrAbsent()).toBe(true)
    expect(read('0500').booleanOrAbsent()).toBe(false)
    expect(() => read('010103').booleanOrAbsent()).toThrow(invalid(0))
  })
})

describe('INTEGER', () => {
  it.each([
    ['is not empty (X.690 §8.3.1)', '0200'],
    ['has no leading zero octet that it does not need (§8.3.2)', '0202007f'],
    ['has no leading ff octet that it does not need (§8.3.2)', '0202ff80'],
  ])('%s', (_, hex) => {
    expect(() => read(hex).integerBytes()).toThrow(invalid(0))
  })

  it('keeps the sign octet that it needs', () => {
    expect(read('02020080').smallInteger()).toBe(128)
    expect(read('0202ff7f').integerBytes()).toEqual(Uint8Array.of(0xff, 0x7f))
  })

  it('is small where a small one is asked for: neither negative nor above the maximum', () => {
    expect(() => read('0201ff').smallInteger()).toThrow(invalid(0))
    expect(() => read('020180').smallInteger()).toThrow(invalid(0))
    expect(read('02047fffffff').smallInteger()).toBe(0x7fffffff)
    expect(() => read('02050080000000').smallInteger()).toThrow(tooLarge)
    expect(() => read('020106').smallInteger(5)).toThrow(tooLarge)
    expect(() => read(`0214${'7f'.repeat(20)}`).smallInteger()).toThrow(tooLarge)
  })
})

describe('BIT STRING', () => {
  it.each([
    ['has an octet that counts the unused bits (X.690 §8.6.2.2)', '0300'],
    ['has at most 7 unused bits (§8.6.2.2)', '03020800'],
    ['has no unused bits where it has no bits (§8.6.2.3)', '030101'],
    ['has unused bits that are zero (§11.2.1)', '03020101'],
    ['is not constructed (§10.2)', '2303030100'],
  ])('%s', (_, hex) => {
    expect(() => read(hex).bitString()).toThrow(invalid(0))
  })

  it('of named bits is the set of those that are one; zeros at the end mean nothing (X.680 §22.7)', () => {
    expect(read('03020780').namedBits(9)).toEqual(new Set([0]))
    expect(read('0303070080').namedBits(9)).toEqual(new Set([8]))
    expect(read('030100').namedBits(9)).toEqual(new Set())
    expect(read('03020680').namedBits(9)).toEqual(new Set([0]))
    expect(read('03020000').namedBits(9)).toEqual(new Set())
    expect(() => read('03020681').namedBits(9)).toThrow(invalid(0))
  })

  it('of named bits may have bits that have no name here', () => {
    expect(read('030206c0').namedBits(1)).toEqual(new Set([0]))
  })

  it('of whole octets has no unused bits', () => {
    expect(() => read('03020780').octetAlignedBitString()).toThrow(invalid(0))
  })
})

describe('NULL', () => {
  it('has no content (X.690 §8.8.2)', () => {
    expect(() => read('050100').null()).toThrow(invalid(0))
  })
})

describe('Time', () => {
  it('is read from a GeneralizedTime of any year, though CAs use it from 2050 only (RFC 5280 §4.1.2.5)', () => {
    expect(read('180f32303439313233313233353935395a').time()).toEqual(new Date('2049-12-31T23:59:59Z'))
    expect(read('180f32303530303130313030303030305a').time()).toEqual(new Date('2050-01-01T00:00:00Z'))
  })
})

describe('an element of any type', () => {
  it.each([
    ['[31]', '9f1f00'],
    ['[128] around another', 'bf8100020500'],
    ['[APPLICATION 201]', '5f81490161'],
    ['[2^28 - 1], the largest', '9fffffff7f00'],
  ])('may have the tag number above 30 of %s (X.690 §8.1.2.4)', (_, hex) => {
    expect(hexEncode(read(hex).readAny())).toBe(hex)
  })

  it.each([
    ['is 30, for which one octet is enough', '9f1e00'],
    ['starts with a zero digit', '9f801f00'],
    ['ends with the input', '9f81'],
    ['is of the universal class, which has none of these', '1f2000'],
    ['stands before no length', '9f1f'],
  ])('has no tag number that %s', (_, hex) => {
    expect(() => read(hex).readAny()).toThrow(expect.objectContaining({ code: 'invalid_der' }))
  })

  it('has no tag number above 2^28: no type has one', () => {
    expect(() => read('9f818080800000').readAny()).toThrow(tooLarge)
  })

  it.each([
    ['an indefinite length inside', '300430800000'],
    ['an inner element that is cut off', '3003020201'],
    ['a constructed OCTET STRING (X.690 §10.2)', '2403040100'],
    ['a constructed UTF8String inside (§10.2)', '30052c030c0161'],
    ['a primitive SEQUENCE (§8.9.1)', '1000'],
    ['an end-of-contents, which only indefinite lengths have (§8.1.5)', '30020000'],
  ])('is refused with %s', (_, hex) => {
    expect(() => read(hex).readAny()).toThrow(expect.objectContaining({ code: 'invalid_der' }))
  })
})

describe('bytes that nobody has chosen', () => {
  it('give an element or an error with an offset inside the input, and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (input) => {
        const reader = new DerReader(input)
        try {
          while (!reader.atEnd) reader.readAny()
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^(invalid_der|der_limit_exceeded)$/) })
          const { offset } = (error as { context: { offset: number } }).context
          expect(offset).toBeGreaterThanOrEqual(0)
          expect(offset).toBeLessThanOrEqual(input.length)
        }
      }),
    )
  })
})
