import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hexDecode, hexEncode } from '../encoding/hex.js'
import { decodeOid, encodeOid } from './oid.js'

const arc = fc.oneof(
  fc.nat({ max: 300 }),
  fc.nat(),
  fc.maxSafeNat(),
  fc.bigInt({ min: 0n, max: 2n ** 128n - 81n }),
)
const oid = fc
  .tuple(
    fc.oneof(fc.tuple(fc.constantFrom(0, 1), fc.nat({ max: 39 })), fc.tuple(fc.constant(2), arc)),
    // With the longest arcs, of 19 octets, no more fit into 64.
    fc.array(arc, { maxLength: 2 }),
  )
  .map(([start, rest]) => [...start, ...rest].join('.'))

describe('an object identifier', () => {
  it.each([
    ['2.999.3', '883703'],
    ['1.2.840.113549.1.1.11', '2a864886f70d01010b'],
    ['0.0', '00'],
    ['1.39', '4f'],
    ['2.0', '50'],
    ['2.5.29.15', '551d0f'],
    // 2^53 + 1, the first that no number holds.
    ['1.2.9007199254740993', '2a9080808080808001'],
    // X.667 §8: the UUID f81d4fae-7dec-11d0-a765-00a0c91e6bf6.
    ['2.25.329800735698586629295641978511506172918', '6983f09da7ebcfdee0c7a1a7b2c0948cc8f9d776'],
    ['2.340282366920938463463374607431768211375', '83ffffffffffffffffffffffffffffffffff7f'],
  ])('%s is written as X.690 §8.19 says', (text, content) => {
    expect(hexEncode(encodeOid(text))).toBe(content)
    expect(decodeOid(hexDecode(content))).toBe(text)
  })

  it('has up to 64 octets, and one more is not passed over because the others are known', () => {
    const longest = `2.47${'.127'.repeat(63)}`
    expect(hexEncode(encodeOid(longest))).toBe('7f'.repeat(64))
    expect(decodeOid(hexDecode('7f'.repeat(64)))).toBe(longest)
    expect(() => decodeOid(hexDecode('7f'.repeat(65)))).toThrow(
      expect.objectContaining({ code: 'invalid_der' }),
    )
  })

  it('comes back as it went in', () => {
    fc.assert(
      fc.property(oid, (text) => {
        expect(decodeOid(encodeOid(text))).toBe(text)
      }),
    )
  })

  it('has one encoding: what is read is written back byte for byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 12 }), (content) => {
        let text: string
        try {
          text = decodeOid(content)
        } catch {
          return
        }
        expect(encodeOid(text)).toEqual(content)
      }),
    )
  })

  it.each([
    ['without an octet (§8.19.2)', ''],
    ['that ends inside an arc', '2a86'],
    ['that ends inside an arc, before a digit that may be zero', '2a8180'],
    ['with an arc that has a leading zero octet (§8.19.2)', '2a8001'],
    ['whose first arc has one', '8001'],
    ['with an arc of more than 128 bits', '2a84808080808080808080808080808080808000'],
    ['whose first arc has more', '8480808080808080808080808080808080808000'],
    ['with more than 64 octets', '2a'.repeat(65)],
  ])('%s is refused, with the offset', (_, content) => {
    expect(() => decodeOid(hexDecode(content), 7)).toThrow(
      expect.objectContaining({ code: 'invalid_der', context: { offset: 7 } }),
    )
  })

  it.each([
    ['one arc', '1'],
    ['a first arc above 2 (X.660)', '3.1'],
    ['a second arc above 39 below 0 and 1', '1.40'],
    ['a leading zero', '1.02'],
    ['a sign', '1.-2'],
    ['white space', '1.2 '],
    ['a line feed', '1.2\n'],
    ['an exponent', '1.1e3'],
    ['what begins with something else', 'x1.2'],
    ['nothing', ''],
    ['an arc of more than 128 bits', '1.2.340282366920938463463374607431768211456'],
    ['a second arc that with the first one has more', '2.340282366920938463463374607431768211376'],
    ['an arc without end', `1.2.${'9'.repeat(100_000)}`],
    ['too many arcs', `1.2${'.1'.repeat(64)}`],
  ])('is not written from %s', (_, text) => {
    const refusal = { code: 'invalid_structure', context: { structure: 'ObjectIdentifier' } }
    expect(() => encodeOid(text)).toThrow(expect.objectContaining(refusal))
  })
})
