import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DerReader } from '../asn1/der-reader.js'
import { encode, integer, unsignedInteger } from '../asn1/der-writer.js'
import { hexDecode, hexEncode } from '../encoding/hex.js'
import {
  isConformingSerialNumber,
  parseSerialNumber,
  readSerialNumber,
  type SerialNumber,
  serialNumber,
  serialNumberFromRandom,
} from './serial-number.js'

const readHex = (der: string): SerialNumber => readSerialNumber(new DerReader(hexDecode(der)))

describe('SerialNumber', () => {
  it.each([
    ['a small one', '020105', '05', true],
    ['one whose sign octet is not part of the number', '02020080', '80', true],
    ['zero', '020100', '00', false],
    ['minus one', '0201ff', '-01', false],
    ['-128, whose magnitude has the high bit set', '020180', '-80', false],
    ['-129, which needs a sign octet', '0202ff7f', '-81', false],
    ['the largest of 20 octets', `02147f${'ff'.repeat(19)}`, `7f${'ff'.repeat(19)}`, true],
    ['one of 20 octets that needs a 21st for its sign', `021500${'ff'.repeat(20)}`, 'ff'.repeat(20), false],
    ['one of 21 octets', `021501${'00'.repeat(20)}`, `01${'00'.repeat(20)}`, false],
  ])('reads %s and writes it back (RFC 5280 §4.1.2.2)', (_, der, text, conforms) => {
    const serial = readHex(der)
    expect(serial).toBe(text)
    expect(isConformingSerialNumber(serial)).toBe(conforms)
    expect(hexEncode(encode(serialNumber(serial)))).toBe(der)
  })

  it('has one text for each INTEGER', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(1n << 170n), max: 1n << 170n }), (value) => {
        const digits = (value < 0n ? -value : value).toString(16)
        const text = `${value < 0n ? '-' : ''}${digits.length % 2 ? '0' : ''}${digits}` as SerialNumber
        expect(readSerialNumber(new DerReader(encode(serialNumber(text))))).toBe(text)
      }),
    )
  })

  it('is parsed from hex of either case, with leading zeros', () => {
    expect(parseSerialNumber('00AB01')).toBe('ab01')
  })

  it.each([
    ['nothing', '', 'invalid_structure'],
    ['zero', '0000', 'invalid_structure'],
    ['21 octets', '01'.repeat(21), 'invalid_structure'],
    ['20 octets with the sign bit', 'ff'.repeat(20), 'invalid_structure'],
    ['a negative number', '-1', 'invalid_encoding'],
    ['colons', '01:02', 'invalid_encoding'],
    ['an odd number of digits', 'abc', 'invalid_encoding'],
  ])('is not parsed from %s', (_, text, code) => {
    expect(() => parseSerialNumber(text)).toThrow(expect.objectContaining({ code }))
  })

  it('from n random octets is positive, has n octets, and keeps all but the two highest bits', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 9, maxLength: 20 }), (random) => {
        const serial = serialNumberFromRandom(random)
        expect(isConformingSerialNumber(serial)).toBe(true)
        const der = encode(serialNumber(serial))
        expect(der.length).toBe(2 + random.length)
        expect((der[2] as number) & 0x3f).toBe((random[0] as number) & 0x3f)
        expect(der.subarray(3)).toEqual(random.subarray(1))
      }),
    )
  })

  it.each([8, 21])('is not made from %i random octets', (length) => {
    expect(() => serialNumberFromRandom(new Uint8Array(length))).toThrow(RangeError)
  })

  it('is the INTEGER of its octets', () => {
    expect(encode(serialNumber(parseSerialNumber('ff')))).toEqual(encode(integer(255)))
    expect(encode(serialNumber(parseSerialNumber('0102')))).toEqual(
      encode(unsignedInteger(Uint8Array.of(1, 2))),
    )
  })
})
