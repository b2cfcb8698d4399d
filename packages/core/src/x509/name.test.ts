import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DerReader } from '../asn1/der-reader.js'
import { encode, objectIdentifier, primitive, sequence } from '../asn1/der-writer.js'
import { Tag } from '../asn1/tags.js'
import { hexDecode, hexEncode } from '../encoding/hex.js'
import type { NameFields } from './attribute-types.js'
import { encodeCharacterString } from './character-string.js'
import {
  attributeValue,
  createName,
  emptyName,
  formatName,
  type Name,
  type NameAttribute,
  name,
  nameKey,
  leadingKey,
  namesMatch,
  parseName,
  readName,
  relativeDistinguishedName,
} from './name.js'

const utf8 = (type: string, value: string): NameAttribute => ({ type, tag: Tag.utf8String, value })
const cn = '2.5.4.3'
const ou = '2.5.4.11'
const o = '2.5.4.10'

/** A name of whatever attributes, one list a level. */
const nameOf = (...rdns: NameAttribute[][]): Name =>
  parseName(encode(sequence(...rdns.map((rdn) => relativeDistinguishedName(rdn)))))

/** A name of one commonName with these content octets. */
const nameOfContent = (tag: number, hex: string): Name => {
  const value = primitive(tag, hexDecode(hex))
  const rdn = primitive(Tag.set, encode(sequence(objectIdentifier(cn), value)))
  return parseName(encode(sequence(rdn)))
}

const textName = (tag: number, text: string): Name => nameOf([{ type: cn, tag, value: text }])

const isWithin = (one: Name, base: Name): boolean =>
  leadingKey(one, base.rdns.length) === leadingKey(base, base.rdns.length)

describe('createName', () => {
  it('writes what openssl writes for /C=DE/O=Example/CN=db.example.org (RFC 5280 §4.1.2.4)', () => {
    const created = createName({ commonName: 'db.example.org', organization: 'Example', country: 'DE' })
    expect(hexEncode(created.der)).toBe(
      '3038310b30090603550406130244453110300e060355040a0c074578616d706c65' +
        '311730150603550403' +
        '0c0e64622e6578616d706c652e6f7267',
    )
  })

  it('orders from the general to the specific, and writes a domain from its top (RFC 2247 §2)', () => {
    const fields: NameFields = {
      emailAddress: 'a@example.org',
      serialNumber: '7',
      commonName: 'CN',
      organizationalUnit: 'OU',
      organization: 'O',
      locality: 'L',
      state: 'ST',
      country: 'DE',
      domainComponent: ['example', 'org'],
    }
    expect(formatName(createName(fields))).toBe(
      'emailAddress=a@example.org,serialNumber=7,CN=CN,OU=OU,O=O,L=L,ST=ST,C=DE,DC=example,DC=org',
    )
  })

  it('is the empty name where no field is set', () => {
    expect(createName({ commonName: undefined })).toBe(emptyName)
    expect(parseName(emptyName.der).rdns).toEqual([])
  })

  it.each<[string, NameFields]>([
    ['ub-common-name', { commonName: 'x'.repeat(65) }],
    ['ub-organization-name', { organization: 'x'.repeat(65) }],
    ['ub-organizational-unit-name', { organizationalUnit: 'x'.repeat(65) }],
    ['ub-locality-name', { locality: 'x'.repeat(129) }],
    ['ub-state-name', { state: 'x'.repeat(129) }],
    ['ub-serial-number', { serialNumber: 'x'.repeat(65) }],
    ['ub-emailaddress-length', { emailAddress: `${'x'.repeat(250)}@a.org` }],
    ['a country of three letters', { country: 'DEU' }],
    ['a country of digits', { country: '49' }],
    ['an empty value', { commonName: '' }],
    ['a NUL', { commonName: 'example.org\0.evil.test' }],
    ['a line break', { organization: 'Example\nO=Other' }],
    ['half a surrogate pair', { commonName: '\ud800' }],
    ['an underscore in a PrintableString', { serialNumber: 'a_b' }],
    ['a mailbox outside ASCII', { emailAddress: 'jürgen@example.org' }],
  ])('refuses %s (RFC 5280 appendix A.1)', (_, fields) => {
    expect(() => createName(fields)).toThrow(expect.objectContaining({ code: 'invalid_structure' }))
  })

  it('counts characters, not UTF-16 units', () => {
    const commonName = '🔒'.repeat(64)
    expect(attributeValue(createName({ commonName }), 'commonName')).toBe(commonName)
  })
})

describe('readName', () => {
  it.each([
    ['a SET where the RDNSequence is expected', '3100', 'invalid_der'],
    ['an RDN without attributes', '30023100', 'invalid_structure'],
    ['an attribute without value', '300931073005060355040a', 'invalid_der'],
    ['an ENUMERATED, which no attribute of a name is', '300c310a3008060355040a0a0161', 'invalid_structure'],
    ['an attribute with two values', '300f310d300b060355040a0c01610c0161', 'invalid_der'],
    ['bytes behind the name', '30000500', 'invalid_der'],
    ['a UTF8String that is no UTF-8', '300d310b3009060355040a0c02c080', 'invalid_structure'],
    ['an encoded surrogate', '300e310c300a060355040a0c03eda080', 'invalid_structure'],
    ['a PrintableString with @', '300c310a3008060355040a130140', 'invalid_structure'],
    ['a PrintableString with NUL', '300c310a3008060355040a130100', 'invalid_structure'],
    ['an IA5String above ASCII', '300c310a3008060355040a1601e9', 'invalid_structure'],
    ['a BMPString of three octets', '300e310c300a060355040a1e03004100', 'invalid_structure'],
    ['a BMPString with a surrogate', '300d310b3009060355040a1e02d800', 'invalid_structure'],
    ['a UniversalString above Unicode', '300f310d300b060355040a1c0400110000', 'invalid_structure'],
  ])('refuses %s', (_, hex, code) => {
    expect(() => parseName(hexDecode(hex))).toThrow(expect.objectContaining({ code }))
  })

  it('keeps a value that is no string as hex of its DER, and its bytes (RFC 4514 §2.4)', () => {
    const der = hexDecode('300d310b30090603550403040201ff')
    expect(() => parseName(der)).not.toThrow()
    expect(parseName(der).rdns).toEqual([[{ type: cn, tag: Tag.octetString, value: '#040201ff' }]])
    expect(attributeValue(parseName(der), 'commonName')).toBeUndefined()
  })

  it('keeps the bytes of an unsorted SET, which other CAs have signed', () => {
    const sorted = nameOf([utf8(cn, 'a'), utf8(o, 'b')])
    const [first, second] = [sorted.der.slice(4, 14), sorted.der.slice(14)]
    const unsorted = Uint8Array.from([...sorted.der.slice(0, 4), ...second, ...first])
    expect(hexEncode(encode(name(parseName(unsorted))))).toBe(hexEncode(unsorted))
    expect(namesMatch(parseName(unsorted), sorted)).toBe(true)
  })

  it('counts offsets from the start of the whole input', () => {
    const content = new DerReader(hexDecode('300702010130023100')).sequence()
    content.integerBytes()
    expect(() => readName(content)).toThrow(
      expect.objectContaining({ context: { structure: 'Name', offset: 7 } }),
    )
  })
})

describe('namesMatch (RFC 5280 §7.1)', () => {
  it.each([
    ['case has no meaning', textName(Tag.utf8String, 'Example Org'), textName(Tag.utf8String, 'eXAMPLE oRG')],
    [
      'case has no meaning outside ASCII',
      textName(Tag.utf8String, 'MÜNCHEN'),
      textName(Tag.utf8String, 'münchen'),
    ],
    [
      'ß folds to ss (RFC 3454 §B.2)',
      textName(Tag.utf8String, 'STRASSE'),
      textName(Tag.utf8String, 'Straße'),
    ],
    [
      'spaces around a value have none',
      textName(Tag.utf8String, '  Example '),
      textName(Tag.utf8String, 'Example'),
    ],
    ['several spaces are one', textName(Tag.utf8String, 'A   B'), textName(Tag.utf8String, 'A B')],
    [
      'other white space is a space (RFC 4518 §2.2)',
      textName(Tag.utf8String, 'A\u00a0B'),
      textName(Tag.utf8String, 'A B'),
    ],
    [
      'composed equals decomposed (§2.3)',
      textName(Tag.utf8String, '\u00e9'),
      textName(Tag.utf8String, 'e\u0301'),
    ],
    [
      'a zero width joiner is skipped (§2.2)',
      textName(Tag.utf8String, 'a\u200db'),
      textName(Tag.utf8String, 'ab'),
    ],
    [
      'PrintableString equals UTF8String',
      textName(Tag.printableString, 'Ex'),
      textName(Tag.utf8String, 'Ex'),
    ],
    ['BMPString equals UTF8String', nameOfContent(Tag.bmpString, '004500e9'), textName(Tag.utf8String, 'Eé')],
    [
      'UniversalString equals UTF8String',
      nameOfContent(Tag.universalString, '000000450001f512'),
      textName(Tag.utf8String, 'E🔒'),
    ],
    [
      'the order within a level has no meaning',
      nameOf([utf8(cn, 'a'), utf8(ou, 'b')]),
      nameOf([utf8(ou, 'B'), utf8(cn, 'A')]),
    ],
    ['the empty name equals itself', emptyName, parseName(hexDecode('3000'))],
  ])('%s', (_, a, b) => {
    expect(namesMatch(a, b)).toBe(true)
    expect(nameKey(a)).toBe(nameKey(b))
  })

  it.each([
    ['another value', textName(Tag.utf8String, 'a'), textName(Tag.utf8String, 'b')],
    ['another type', nameOf([utf8(cn, 'a')]), nameOf([utf8(o, 'a')])],
    [
      'another order of levels',
      nameOf([utf8(cn, 'a')], [utf8(o, 'b')]),
      nameOf([utf8(o, 'b')], [utf8(cn, 'a')]),
    ],
    [
      'two attributes in one level',
      nameOf([utf8(cn, 'a'), utf8(o, 'b')]),
      nameOf([utf8(cn, 'a')], [utf8(o, 'b')]),
    ],
    ['one more level', nameOf([utf8(cn, 'a')]), nameOf([utf8(cn, 'a')], [utf8(o, 'b')])],
    ['the same attribute once more', nameOf([utf8(cn, 'a')]), nameOf([utf8(cn, 'a'), utf8(cn, 'a')])],
    ['the dotless ı, which is no i', textName(Tag.utf8String, 'ı'), textName(Tag.utf8String, 'i')],
    ['a space where there is none', textName(Tag.utf8String, 'a b'), textName(Tag.utf8String, 'ab')],
    ['TeletexString in other case', textName(Tag.teletexString, 'a'), textName(Tag.teletexString, 'A')],
    ['TeletexString and UTF8String', textName(Tag.teletexString, 'a'), textName(Tag.utf8String, 'a')],
    [
      'hex text and the bytes that it spells',
      nameOfContent(Tag.octetString, '61'),
      textName(Tag.utf8String, '#040161'),
    ],
    ['the empty name', emptyName, textName(Tag.utf8String, 'a')],
  ])('%s is another name', (_, a, b) => {
    expect(namesMatch(a, b)).toBe(false)
    expect(nameKey(a)).not.toBe(nameKey(b))
  })

  it('a subtree has the names that begin with its levels (§4.2.1.10)', () => {
    const base = createName({ country: 'DE', organization: 'Example' })
    expect(isWithin(createName({ country: 'de', organization: 'EXAMPLE', commonName: 'a' }), base)).toBe(true)
    expect(isWithin(base, base)).toBe(true)
    expect(isWithin(createName({ country: 'DE' }), base)).toBe(false)
    expect(isWithin(createName({ country: 'DE', organization: 'Example2' }), base)).toBe(false)
    expect(isWithin(base, emptyName)).toBe(true)
  })
})

describe('formatName (RFC 4514)', () => {
  it.each([
    [
      'special characters are escaped (§2.4)',
      nameOf([utf8(cn, 'a"b+c,d;e<f>g\\h')]),
      'CN=a\\"b\\+c\\,d\\;e\\<f\\>g\\\\h',
    ],
    ['a # and spaces at the ends are escaped (§2.4)', nameOf([utf8(cn, '#a ')]), 'CN=\\#a\\ '],
    ['a space alone is escaped once', nameOf([utf8(cn, ' ')]), 'CN=\\ '],
    ['a NUL is hex (§2.4)', nameOf([utf8(cn, 'a\0b')]), 'CN=a\\00b'],
    ['a line break cannot start a new log line', nameOf([utf8(cn, 'a\nb')]), 'CN=a\\0ab'],
    ['text cannot be turned round', nameOf([utf8(cn, 'a\u202eb')]), 'CN=a\\e2\\80\\aeb'],
    ['several attributes of a level are joined', nameOf([utf8(cn, 'a'), utf8(ou, 'b')]), 'CN=a+OU=b'],
    ['an unknown type is an OID with hex (§2.4)', nameOf([utf8('1.2.3', 'a')]), '1.2.3=#0c0161'],
    [
      'the example of §4',
      nameOf([utf8(o, 'Sue, Grabbit and Runn')], [utf8(cn, 'L. Eagle')]),
      'CN=L. Eagle,O=Sue\\, Grabbit and Runn',
    ],
    ['a value that is no string is its hex (§2.4)', nameOfContent(Tag.octetString, '01ff'), 'CN=#040201ff'],
    ['the empty name is empty', emptyName, ''],
  ])('%s', (_, value, text) => {
    expect(formatName(value)).toBe(text)
  })
})

describe('relativeDistinguishedName', () => {
  it('has its attributes in the order of their encodings, as DER wants a SET OF (X.690 §11.6)', () => {
    const attributes = [utf8(cn, 'a'), utf8(cn, 'b'), utf8(o, 'a')]
    const der = encode(relativeDistinguishedName(attributes))
    expect(hexEncode(encode(relativeDistinguishedName([...attributes].reverse())))).toBe(hexEncode(der))
    expect(parseName(encode(sequence(primitive(Tag.set, der.subarray(2))))).rdns).toEqual([attributes])
  })

  it.each([
    ['no attribute (RFC 5280 §4.1.2.4: SIZE (1..MAX))', []],
    [
      'a character that a PrintableString does not have',
      [{ type: cn, tag: Tag.printableString, value: 'a@b' }],
    ],
  ])('refuses %s', (_, attributes: NameAttribute[]) => {
    expect(() => relativeDistinguishedName(attributes)).toThrow(
      expect.objectContaining({ code: 'invalid_structure' }),
    )
  })
})

it('attributeValue is the most specific one of its type', () => {
  expect(attributeValue(nameOf([utf8(cn, 'root')], [utf8(cn, 'leaf')]), 'commonName')).toBe('leaf')
  expect(attributeValue(nameOf([utf8(cn, 'leaf')], [utf8(o, 'Example')]), 'commonName')).toBe('leaf')
  expect(attributeValue(createName({ domainComponent: ['example', 'org'] }), 'domainComponent')).toBe(
    'example',
  )
  expect(attributeValue(emptyName, 'commonName')).toBeUndefined()
})

/** A level without its order, which writing changes. */
const sortedTexts = (rdn: readonly NameAttribute[]): string[] =>
  rdn.map((value) => JSON.stringify(value)).sort()

describe('laws', () => {
  const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 })
  const attribute = fc
    .record({
      type: fc.constantFrom(cn, o, ou, '1.2.3.4'),
      tag: fc.constantFrom(
        Tag.utf8String,
        Tag.printableString,
        Tag.ia5String,
        Tag.teletexString,
        Tag.bmpString,
        Tag.universalString,
      ),
      value: fc.oneof(text, fc.string({ minLength: 1, maxLength: 20 })),
    })
    .filter(({ tag, value }) => encodeCharacterString(tag, value) !== undefined)
  const rdns = fc.array(fc.array(attribute, { minLength: 1, maxLength: 3 }), { maxLength: 4 })

  it('what is written is read as the same attributes, and matches itself', () => {
    fc.assert(
      fc.property(rdns, (levels) => {
        const written = nameOf(...levels)
        expect(written.rdns.map(sortedTexts)).toEqual(levels.map(sortedTexts))
        expect(nameKey(parseName(written.der.slice()))).toBe(nameKey(written))
      }),
    )
  })

  it('the text of a name is one line of printable characters', () => {
    fc.assert(
      fc.property(rdns, (levels) => {
        expect(formatName(nameOf(...levels))).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
      }),
    )
  })
})
