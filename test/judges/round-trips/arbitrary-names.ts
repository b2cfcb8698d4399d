import {
  createName,
  type GeneralName,
  type Name,
  type NameFields,
  parseName,
  type RelativeDistinguishedName,
} from '@certwright/core'
import * as fc from 'fast-check'
// The writers are not exported: an authority writes what it issues, and only these tests write anything else.
import {
  constructed,
  encode,
  explicit,
  nullValue,
  objectIdentifier,
  octetString,
  sequence,
  utf8String,
} from '../../../packages/core/src/asn1/der-writer.js'
import { contextConstructed, contextPrimitive, Tag } from '../../../packages/core/src/asn1/tags.js'
import { relativeDistinguishedName } from '../../../packages/core/src/x509/name.js'

const ascii = (first: number, last: number): fc.Arbitrary<string> =>
  fc.integer({ min: first, max: last }).map((code) => String.fromCharCode(code))

const printable = fc.constantFrom(
  ...Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?"),
)
const visible = ascii(0x20, 0x7e)

/** Any code point of Unicode that is no surrogate. */
const anyCharacter = fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })

const text = (unit: fc.Arbitrary<string>, minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit, minLength, maxLength })

const directoryText = (maxLength: number): fc.Arbitrary<string> =>
  text(
    anyCharacter.filter((character) => !/\p{Cc}/u.test(character)),
    1,
    maxLength,
  )

/** Every field that `createName` writes, up to its upper bound. */
export const nameFields: fc.Arbitrary<NameFields> = fc.record(
  {
    country: fc.string({ unit: ascii(0x41, 0x5a), minLength: 2, maxLength: 2 }),
    state: directoryText(128),
    locality: directoryText(128),
    organization: directoryText(64),
    organizationalUnit: directoryText(64),
    commonName: directoryText(64),
    serialNumber: text(printable, 1, 64),
    emailAddress: text(visible, 1, 255),
    domainComponent: fc.array(text(visible, 1, 63), { maxLength: 3 }),
  },
  { requiredKeys: [] },
)

export const objectId: fc.Arbitrary<string> = fc
  .tuple(
    fc.oneof(
      fc.tuple(fc.constantFrom(0, 1), fc.nat(39)),
      fc.tuple(fc.constant(2), fc.nat({ max: 0x7fff_ffff })),
    ),
    fc.array(fc.nat({ max: 0x7fff_ffff }), { minLength: 1, maxLength: 8 }),
  )
  .map(([roots, arcs]) => [...roots, ...arcs].join('.'))

/** Each string type with the characters that it has. */
const stringTypes: readonly (readonly [tag: number, unit: fc.Arbitrary<string>])[] = [
  [Tag.utf8String, anyCharacter],
  [Tag.printableString, printable],
  [Tag.ia5String, ascii(0, 0x7f)],
  [Tag.numericString, fc.constantFrom(...Array.from('0123456789 '))],
  [Tag.visibleString, visible],
  [Tag.teletexString, ascii(0, 0xff)],
  [Tag.bmpString, anyCharacter.filter((character) => character.length === 1)],
  [Tag.universalString, anyCharacter],
]

const rdn: fc.Arbitrary<RelativeDistinguishedName> = fc.array(
  fc
    .constantFrom(...stringTypes)
    .chain(([tag, unit]) => fc.record({ type: objectId, tag: fc.constant(tag), value: text(unit, 0, 20) })),
  { minLength: 1, maxLength: 3 },
)

/** Attributes of any type and string type, several in one level. */
const foreignName: fc.Arbitrary<Name> = fc
  .array(rdn, { maxLength: 3 })
  .map((rdns) => parseName(encode(sequence(...rdns.map((level) => relativeDistinguishedName(level))))))

export const name: fc.Arbitrary<Name> = fc.oneof(
  { weight: 2, arbitrary: nameFields.map(createName) },
  foreignName,
)

/** A level in the order in which it is written. */
export const sortedRdn: fc.Arbitrary<RelativeDistinguishedName> = rdn.map(
  (level) =>
    parseName(encode(sequence(relativeDistinguishedName(level)))).rdns[0] as RelativeDistinguishedName,
)

export const octets = (minLength: number, maxLength = minLength): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength, maxLength })

/** One element of DER, of no particular meaning. */
export const element: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.constant(encode(nullValue)),
  text(anyCharacter, 0, 20).map((value) => encode(utf8String(value))),
  fc
    .tuple(objectId, octets(0, 200))
    .map(([oid, content]) => encode(sequence(objectIdentifier(oid), octetString(content)))),
)

const asciiText = text(ascii(0x21, 0x7e), 1, 80)

/** All nine forms (RFC 5280 §4.2.1.6). `ip`: how many octets an address has. */
export const generalName = (ip: readonly [v4: number, v6: number] = [4, 16]): fc.Arbitrary<GeneralName> =>
  fc.oneof(
    fc.record({ type: fc.constantFrom('dns' as const, 'email' as const, 'uri' as const), value: asciiText }),
    fc.record({ type: fc.constant('ip' as const), address: fc.oneof(...ip.map((length) => octets(length))) }),
    fc.record({ type: fc.constant('directoryName' as const), name }),
    fc.record({ type: fc.constant('registeredId' as const), oid: objectId }),
    fc.record({ type: fc.constant('otherName' as const), typeId: objectId, valueDer: element }),
    // An ORAddress with a terminal-identifier alone (RFC 5280 appendix A.1).
    text(printable, 1, 24).map((terminal) => ({
      type: 'x400Address' as const,
      der: encode(constructed(contextConstructed(3), sequence(utf8String(terminal, contextPrimitive(1))))),
    })),
    directoryText(20).map((party) => ({
      type: 'ediPartyName' as const,
      der: encode(constructed(contextConstructed(5), explicit(1, utf8String(party)))),
    })),
  )

export const generalNames = fc.array(generalName(), { minLength: 1, maxLength: 4 })
