import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DerReader } from '../asn1/der-reader.js'
import { encode } from '../asn1/der-writer.js'
import { hexDecode, hexEncode } from '../encoding/hex.js'
import {
  formatGeneralName,
  type GeneralName,
  type GeneralNamePlace,
  generalName,
  generalNames,
  readGeneralName,
  readGeneralNames,
} from './general-name.js'
import { createName } from './name.js'

const read = (hex: string, place?: GeneralNamePlace): GeneralName =>
  readGeneralName(new DerReader(hexDecode(hex)), place)

describe('GeneralName (RFC 5280 §4.2.1.6)', () => {
  it.each<[string, GeneralName, string, GeneralNamePlace?]>([
    ['820b6578616d706c652e6f7267', { type: 'dns', value: 'example.org' }, 'DNS:example.org'],
    ['810361406f', { type: 'email', value: 'a@o' }, 'email:a@o'],
    ['8604613a2f62', { type: 'uri', value: 'a:/b' }, 'URI:a:/b'],
    ['8704c0000201', { type: 'ip', address: hexDecode('c0000201') }, 'IP:192.0.2.1'],
    [
      '871020010db8000000000000000000000001',
      { type: 'ip', address: hexDecode('20010db8000000000000000000000001') },
      'IP:2001:db8::1',
    ],
    [
      '87080a000000ff000000',
      { type: 'ip', address: hexDecode('0a000000ff000000') },
      'IP:10.0.0.0/8',
      'constraint',
    ],
    [
      'a410300e310c300a06035504030c03486e73',
      { type: 'directoryName', name: createName({ commonName: 'Hns' }) },
      'dirName:CN=Hns',
    ],
    ['88032a0304', { type: 'registeredId', oid: '1.2.3.4' }, 'RID:1.2.3.4'],
    [
      'a00e06032a0304a0070c0568656c6c6f',
      { type: 'otherName', typeId: '1.2.3.4', valueDer: hexDecode('0c0568656c6c6f') },
      'otherName:1.2.3.4#0c0568656c6c6f',
    ],
    ['a3023000', { type: 'x400Address', der: hexDecode('a3023000') }, 'x400Address:#a3023000'],
    ['a504a1020c00', { type: 'ediPartyName', der: hexDecode('a504a1020c00') }, 'ediPartyName:#a504a1020c00'],
  ])('%s is read and written back', (hex, value, text, place) => {
    expect(read(hex, place)).toEqual(value)
    expect(hexEncode(encode(generalName(value, place)))).toBe(hex)
    expect(formatGeneralName(value)).toBe(text)
  })

  it.each<[string, string, string, GeneralNamePlace?]>([
    ['a dNSName outside ASCII', '8201e9', 'invalid_structure'],
    ['an address of five octets', '87050102030405', 'invalid_structure'],
    ['a range where an address is expected', '87080a000000ff000000', 'invalid_structure'],
    ['an address where a range is expected', '8704c0000201', 'invalid_structure', 'constraint'],
    ['a tag that no form has', '8900', 'invalid_structure'],
    ['a constructed dNSName', 'a2050c03612e62', 'invalid_structure'],
    ['a directoryName with a second name', 'a40430003000', 'invalid_der'],
    ['an otherName without value', 'a00506032a0304', 'invalid_der'],
    ['an otherName with two values', 'a00b06032a0304a00405000500', 'invalid_der'],
    ['nothing', '', 'invalid_structure'],
  ])('refuses %s', (_, hex, code, place) => {
    expect(() => read(hex, place)).toThrow(expect.objectContaining({ code }))
  })

  it.each<[string, GeneralName]>([
    ['a name that is not in its A-label form', { type: 'dns', value: 'bücher.example' }],
    ['an address of five octets', { type: 'ip', address: new Uint8Array(5) }],
    ['a range outside a constraint', { type: 'ip', address: new Uint8Array(8) }],
  ])('does not write %s', (_, value) => {
    expect(() => encode(generalName(value))).toThrow(expect.objectContaining({ code: 'invalid_structure' }))
  })

  it('a list of names has at least one', () => {
    const code = 'invalid_structure'
    expect(() => readGeneralNames(new DerReader(new Uint8Array()))).toThrow(expect.objectContaining({ code }))
    expect(() => generalNames([])).toThrow(expect.objectContaining({ code }))
  })
})

describe('formatGeneralName', () => {
  it.each([
    ['a comma cannot start another name', 'a.test, DNS:b.test', 'DNS:"a.test, DNS:b.test"'],
    ['a NUL is shown', 'a.test\0.b.test', 'DNS:"a.test\\u0000.b.test"'],
    ['a quote is escaped', 'a"b', 'DNS:"a\\"b"'],
    ['a DEL is shown', 'a\x7f', 'DNS:"a\\u007f"'],
  ])('%s', (_, value, text) => {
    expect(formatGeneralName({ type: 'dns', value })).toBe(text)
  })
})

describe('laws', () => {
  const ascii = fc.string({ unit: 'binary-ascii', maxLength: 40 })
  const oid = fc.constantFrom('1.2.3.4', '2.5.4.3', '1.3.6.1.4.1.311.20.2.3')
  const value: fc.Arbitrary<GeneralName> = fc.oneof(
    fc.record({ type: fc.constantFrom('dns', 'email', 'uri'), value: ascii }),
    fc.record({
      type: fc.constant('ip' as const),
      address: fc.oneof(
        fc.uint8Array({ minLength: 4, maxLength: 4 }),
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
      ),
    }),
    fc.record({ type: fc.constant('registeredId' as const), oid }),
    fc.record({
      type: fc.constant('otherName' as const),
      typeId: oid,
      valueDer: fc.constantFrom(hexDecode('0c0161'), hexDecode('30030101ff')),
    }),
    fc.record({
      type: fc.constant('directoryName' as const),
      name: fc.constantFrom('a', 'B c', 'é').map((commonName) => createName({ commonName })),
    }),
  )

  it('names that are written are read as the same names', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 6 }), (values) => {
        const reader = new DerReader(encode(generalNames(values)))
        expect(readGeneralNames(reader.sequence())).toEqual(values)
      }),
    )
  })

  it('different texts are shown differently, in one printable line', () => {
    fc.assert(
      fc.property(ascii, ascii, (a, b) => {
        const [x, y] = [a, b].map((text) => formatGeneralName({ type: 'dns', value: text }))
        expect(x === y).toBe(a === b)
        expect(x).toMatch(/^[\x20-\x7e]*$/)
      }),
    )
  })
})
