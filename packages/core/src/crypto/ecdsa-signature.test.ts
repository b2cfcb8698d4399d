import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes } from '../encoding/bytes.js'
import { hexDecode } from '../encoding/hex.js'
import { ecdsaSignatureFromRaw, ecdsaSignatureToRaw } from './ecdsa-signature.js'

/** r or s: any octets but zero, small numbers and those with the top bit set included. */
const scalar = (octets: number): fc.Arbitrary<Uint8Array> =>
  fc
    .tuple(fc.uint8Array({ minLength: 1, maxLength: octets }), fc.integer({ min: 1, max: 255 }))
    .map(([tail, last]) => {
      const bytes = new Uint8Array(octets)
      bytes.set(tail, octets - tail.length)
      bytes[octets - 1] = last
      return bytes
    })

const signature = fc
  .constantFrom(32, 48, 66)
  .chain((octets) =>
    fc.tuple(scalar(octets), scalar(octets)).map(([r, s]) => ({ octets, value: concatBytes(r, s) })),
  )

describe('ECDSA signatures', () => {
  it('come back from DER as they went in, whatever zeros they start with', () => {
    fc.assert(
      fc.property(signature, ({ octets, value }) => {
        expect(ecdsaSignatureToRaw(ecdsaSignatureFromRaw(value), octets)).toEqual(value)
      }),
    )
  })

  it('are no signatures with an octet behind them or cut off', () => {
    fc.assert(
      fc.property(signature, fc.nat(), ({ octets, value }, cut) => {
        const der = ecdsaSignatureFromRaw(value)
        expect(ecdsaSignatureToRaw(concatBytes(der, Uint8Array.of(0)), octets)).toBeUndefined()
        expect(ecdsaSignatureToRaw(der.subarray(0, cut % der.length), octets)).toBeUndefined()
      }),
    )
  })

  it('have one encoding: what reads as a signature is written as the same octets', () => {
    fc.assert(
      fc.property(signature, fc.nat(), fc.integer({ min: 1, max: 255 }), ({ octets, value }, at, change) => {
        const der = ecdsaSignatureFromRaw(value)
        const i = at % der.length
        der[i] = (der[i] as number) ^ change
        const read = ecdsaSignatureToRaw(der, octets)
        expect(read === undefined ? der : ecdsaSignatureFromRaw(read)).toEqual(der)
      }),
    )
  })

  it.each([
    ['r is zero', '3006020100020101'],
    ['s is zero', '3006020101020100'],
    ['r is negative', '3006020180020101'],
    ['r has a zero octet that no sign needs (X.690 §8.3.2)', '300702020001020101'],
    ['r is longer than a coordinate', `3026022101${'00'.repeat(32)}020101`],
    ['the length is not minimal (X.690 §10.1)', '308106020101020101'],
    ['there is a third number', '3009020101020101020101'],
    ['it is empty', ''],
  ])('are refused: %s', (_, hex) => {
    expect(ecdsaSignatureToRaw(hexDecode(hex), 32)).toBeUndefined()
  })
})
