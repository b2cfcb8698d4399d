import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DerReader } from '../asn1/der-reader.js'
import { encode, objectIdentifier, octetString, sequence, sequenceOf } from '../asn1/der-writer.js'
import { hexDecode, hexEncode } from '../encoding/hex.js'
import {
  createExtension,
  type Extension,
  type ExtensionType,
  extensions,
  findExtension,
  readExtensions,
} from './extension.js'
import { basicConstraints } from './extensions/basic-constraints.js'
import { keyUsage } from './extensions/key-usage.js'
import { checkExtensions } from './known-extensions.js'

const read = (der: Uint8Array): Extension[] => readExtensions(new DerReader(der))
const readHex = (hex: string): Extension[] => read(hexDecode(hex))

/** basicConstraints critical CA:TRUE, and an extension that nobody knows. */
const list = '301c300f0603551d130101ff040530030101ff300906032a0304040201ff'

/** A list of this many different extensions without content. */
const many = (count: number): Uint8Array =>
  encode(
    sequenceOf(
      Array.from({ length: count }, (_, i) => `1.2.3.${i}`),
      (oid) => sequence(objectIdentifier(oid), octetString(new Uint8Array())),
    ),
  )

describe('readExtensions (RFC 5280 §4.2)', () => {
  it('reads what it knows and keeps what it does not, byte for byte', () => {
    const read = readHex(list)
    expect(read).toEqual([
      { oid: '2.5.29.19', critical: true, valueDer: hexDecode('30030101ff') },
      { oid: '1.2.3.4', critical: false, valueDer: hexDecode('01ff') },
    ])
    expect(hexEncode(encode(extensions(read)))).toBe(list)
    expect(() => checkExtensions(read)).not.toThrow()
  })

  it.each([
    ['an empty list', '3000', 'invalid_structure'],
    ['the same extension twice', '3012300706032a03040400300706032a03040400', 'invalid_structure'],
    [
      'critical FALSE encoded, which is the default (X.690 §11.5)',
      '300c300a06032a03040101000400',
      'invalid_der',
    ],
    ['critical that is neither 00 nor ff', '300c300a06032a03040101010400', 'invalid_der'],
    ['an extension without value', '3007300506032a0304', 'invalid_der'],
    ['a second value', '300b300906032a030404000400', 'invalid_der'],
  ])('refuses %s', (_, hex, code) => {
    expect(() => readHex(hex)).toThrow(expect.objectContaining({ code }))
  })

  it('refuses more than 256', () => {
    expect(read(many(256))).toHaveLength(256)
    expect(() => read(many(257))).toThrow(expect.objectContaining({ code: 'der_limit_exceeded' }))
  })
})

describe('extensions', () => {
  it('writes neither an empty list nor an extension twice', () => {
    const usage = createExtension(keyUsage, ['digitalSignature'], { critical: true })
    const code = 'invalid_structure'
    expect(() => extensions([])).toThrow(expect.objectContaining({ code }))
    expect(() => extensions([usage, { ...usage, critical: false }])).toThrow(
      expect.objectContaining({ code }),
    )
  })

  it('what is written is read as the same list', () => {
    const extension = fc.record({
      oid: fc.nat(1 << 20).map((arc) => `1.2.3.${arc}`),
      critical: fc.boolean(),
      valueDer: fc.uint8Array({ maxLength: 200 }),
    })
    const lists = fc.uniqueArray(extension, { selector: ({ oid }) => oid, minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(lists, (values) => {
        expect(read(encode(extensions(values)))).toEqual(values)
      }),
    )
  })
})

describe('findExtension', () => {
  it('is undefined where the list has none', () => {
    expect(findExtension(readHex(list), keyUsage)).toBeUndefined()
  })

  it('decodes once for each extension', () => {
    let decodings = 0
    const counted: ExtensionType<string> = {
      oid: '1.2.3.4',
      name: 'counted',
      decode: (valueDer) => `${++decodings} ${hexEncode(valueDer)}`,
      encode: () => new Uint8Array(),
    }
    const extensions = readHex(list)
    expect(findExtension(extensions, counted)).toBe('1 01ff')
    expect(findExtension(extensions, counted)).toBe('1 01ff')
    expect(findExtension(extensions, { ...counted })).toBe('2 01ff')
  })

  it('tells what the bytes say, also where the same array said something else before', () => {
    const extension = createExtension(keyUsage, ['digitalSignature'], { critical: true })
    const other = createExtension(keyUsage, ['keyCertSign'], { critical: true })
    expect(findExtension([extension], keyUsage)).toEqual(['digitalSignature'])
    extension.valueDer.set(other.valueDer)
    expect(findExtension([extension], keyUsage)).toEqual(['keyCertSign'])
  })

  it('gives values that nobody can change, since others get the same', () => {
    const usages = findExtension([createExtension(keyUsage, ['cRLSign'], { critical: true })], keyUsage)
    expect(() => (usages as string[]).push('keyCertSign')).toThrow(TypeError)
    const [constraints] = readHex(list)
    const value = findExtension([constraints as Extension], basicConstraints)
    expect(() => Object.assign(value as object, { isCa: false })).toThrow(TypeError)
  })

  it('names the extension that is malformed, and keeps where as its cause', () => {
    const extension: Extension = { oid: '2.5.29.19', critical: true, valueDer: hexDecode('3003010101') }
    const expected = expect.objectContaining({
      code: 'invalid_structure',
      context: { structure: 'basicConstraints' },
      cause: expect.objectContaining({ code: 'invalid_der', context: { offset: 2 } }),
    })
    expect(() => findExtension([extension], basicConstraints)).toThrow(expected)
    expect(() => checkExtensions([extension])).toThrow(expected)
  })
})
