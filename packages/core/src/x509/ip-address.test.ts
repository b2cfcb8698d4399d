import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hexDecode, hexEncode } from '../encoding/hex.js'
import { formatIpAddress, parseIpAddress, prefixLength } from './ip-address.js'

describe('parseIpAddress', () => {
  it.each([
    ['192.0.2.1', 'c0000201'],
    ['255.255.255.255', 'ffffffff'],
    ['::', '00000000000000000000000000000000'],
    ['::1', '00000000000000000000000000000001'],
    ['2001:DB8:0:0:8:800:200C:417A', '20010db80000000000080800200c417a'],
    ['2001:db8::', '20010db8000000000000000000000000'],
    ['::ffff:129.144.52.38', '00000000000000000000ffff81903426'],
    ['0:0:0:0:0:0:13.1.68.3', '0000000000000000000000000d014403'],
    ['1:2:3:4:5:6:7::', '00010002000300040005000600070000'],
    ['2001:2002:2003:2004:2005:2006:255.255.255.255', '200120022003200420052006ffffffff'],
  ])('reads %s (RFC 4291 §2.2)', (text, hex) => {
    const address = parseIpAddress(text)
    expect(address && hexEncode(address)).toBe(hex)
  })

  it.each([
    ['a leading zero, which some read as octal', '10.0.0.01'],
    ['an octet above 255', '1.2.3.256'],
    ['three octets', '1.2.3'],
    ['five octets', '1.2.3.4.5'],
    ['a sign', '+1.2.3.4'],
    ['hexadecimal', '0x7f.0.0.1'],
    ['a space', ' 1.2.3.4'],
    ['nothing', ''],
    ['seven groups', '1:2:3:4:5:6:7'],
    ['nine groups', '1:2:3:4:5:6:7:8:9'],
    ['a :: that stands for nothing', '1:2:3:4::5:6:7:8'],
    ['two ::', '1::2::3'],
    ['three colons', ':::1'],
    ['a colon at the start', ':1:2:3:4:5:6:7:8'],
    ['a group of five digits', '2001:0db80::'],
    ['a zone', 'fe80::1%eth0'],
    ['brackets', '[::1]'],
    ['a prefix length', '2001:db8::/32'],
    ['IPv4 that is not at the end', '1.2.3.4::1'],
    ['IPv4 with a group behind it', '::1.2.3.4:1'],
    ['eight groups, and what is no group behind ::', '1:2:3:4:5:6:7:8::g'],
    ['IPv4 with a leading zero inside IPv6', '::ffff:01.2.3.4'],
  ])('refuses %s: "%s"', (_, text) => {
    expect(parseIpAddress(text)).toBeUndefined()
  })
})

describe('formatIpAddress', () => {
  it.each([
    [
      'leading zeros of a group are dropped (RFC 5952 §4.1)',
      '20010db8000000000000000000000001',
      '2001:db8::1',
    ],
    [
      'a single zero group is not shortened (§4.2.2)',
      '20010db8000000010001000100010001',
      '2001:db8:0:1:1:1:1:1',
    ],
    ['the longest run is shortened (§4.2.3)', '20010000000000010000000000000001', '2001:0:0:1::1'],
    [
      'of equal runs the first is shortened (§4.2.3)',
      '20010db8000000000001000000000001',
      '2001:db8::1:0:0:1',
    ],
    [
      'letters are lowercase (§4.3)',
      'abcdef0123456789abcdef0123456789',
      'abcd:ef01:2345:6789:abcd:ef01:2345:6789',
    ],
    ['a mapped address shows its IPv4 address (§5)', '00000000000000000000ffffc0000201', '::ffff:192.0.2.1'],
    [
      'an address is mapped by its first 80 bits, too',
      '20010db8000000000000ffffc0000201',
      '2001:db8::ffff:c000:201',
    ],
    ['a range of a name constraint is a prefix (RFC 5280 §4.2.1.10)', '0a000000ff000000', '10.0.0.0/8'],
    ['all addresses', '0000000000000000', '0.0.0.0/0'],
    ['a mask that is no prefix is shown whole', '0a000001ff0000ff', '10.0.0.1/255.0.0.255'],
  ])('%s', (_, hex, text) => {
    expect(formatIpAddress(hexDecode(hex))).toBe(text)
  })

  it('is read back as the same address', () => {
    const octet = fc.oneof(fc.constant(0), fc.nat(255))
    const octets = fc
      .constantFrom(4, 16)
      .chain((length) => fc.array(octet, { minLength: length, maxLength: length }))
    fc.assert(
      fc.property(octets, (values) => {
        const address = Uint8Array.from(values)
        expect(parseIpAddress(formatIpAddress(address))).toEqual(address)
      }),
    )
  })

  it('takes no other number of octets', () => {
    expect(() => formatIpAddress(new Uint8Array(5))).toThrow(RangeError)
  })
})

it('a prefix length is the number of leading ones', () => {
  expect(prefixLength(hexDecode('ffff0000'))).toBe(16)
  expect(prefixLength(hexDecode('00000000'))).toBe(0)
  expect(prefixLength(hexDecode('fffffff0'))).toBe(28)
  expect(prefixLength(hexDecode('ff00ff00'))).toBeUndefined()
})
