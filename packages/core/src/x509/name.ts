import { DerReader } from '../asn1/der-reader.js'
import {
  constructed,
  type Encoder,
  encode,
  objectIdentifier,
  primitive,
  raw,
  sequence,
} from '../asn1/der-writer.js'
import { Tag } from '../asn1/tags.js'
import { compareBytes, equalBytes, utf8Encode } from '../encoding/bytes.js'
import { hexDecode, hexEncode } from '../encoding/hex.js'
import { attributeKeywords, type AttributeType, fieldTypes, type NameFields } from './attribute-types.js'
import { decodeCharacterString, encodeCharacterString, isCharacterString } from './character-string.js'
import { prepareString } from './string-preparation.js'
import { unreadable, unwritable } from './structure-error.js'

/** One type and value (RFC 5280 §4.1.2.4). */
export interface NameAttribute {
  /** OID */
  readonly type: string
  /** Tag of the value. */
  readonly tag: number
  /** The text of a string type; of any other type `#` and the hex of the whole element, as in RFC 4514 §2.4. */
  readonly value: string
}

/** Attributes of one level, at least one. Their order has no meaning. */
export type RelativeDistinguishedName = readonly NameAttribute[]

/** A distinguished name, the most general level first. */
export interface Name {
  readonly rdns: readonly RelativeDistinguishedName[]
  /** The bytes as read or written. A name is passed on as these bytes, never rebuilt: issuer and subject must chain. */
  readonly der: Uint8Array
}

export const emptyName: Name = { rdns: [], der: Uint8Array.of(Tag.sequence, 0) }

/**
 * A name of one attribute a level, in the order DC, C, ST, L, O, OU, CN, serialNumber, emailAddress.
 *
 * @throws {PkiError} `invalid_structure`: a value that is empty, too long (RFC 5280 appendix A.1), outside its string
 *   type, or with a control character; no name in it can be issued
 */
export function createName(fields: NameFields): Name {
  const rdns: RelativeDistinguishedName[] = []
  for (const [field, type] of fieldsInOrder) {
    const value = fields[field as keyof NameFields]
    if (value === undefined) continue
    const values = typeof value === 'string' ? [value] : [...value].reverse()
    for (const text of values) rdns.push([createAttribute(field, type, text)])
  }
  return nameOf(rdns)
}

/** A name of these levels, the least specific first. */
export const nameOf = (rdns: readonly RelativeDistinguishedName[]): Name =>
  rdns.length === 0
    ? emptyName
    : { rdns, der: encode(sequence(...rdns.map((rdn) => relativeDistinguishedName(rdn)))) }

const fieldsInOrder = Object.entries(fieldTypes)

const controlCharacter = /\p{Cc}/u

function createAttribute(field: string, type: AttributeType, text: string): NameAttribute {
  // Characters are counted only where there are so many code units that they could be too many.
  const length = text.length > type.upperBound ? [...text].length : text.length
  if (length === 0) throw unwritable('Name', `${field} is empty; leave it out instead`)
  if (length > type.upperBound) {
    throw unwritable('Name', `${field} has ${length} characters where at most ${type.upperBound} are allowed`)
  }
  if (type.form && !type.form.pattern.test(text))
    throw unwritable('Name', `${field} must be ${type.form.description}`)
  if (controlCharacter.test(text)) throw unwritable('Name', `${field} has a control character`)
  if (encodeCharacterString(type.tag, text) === undefined) {
    throw unwritable('Name', `${field} has a character that its string type does not have`)
  }
  return { type: type.oid, tag: type.tag, value: text }
}

/** @throws {PkiError} `invalid_der`, `invalid_structure` */
export function parseName(der: Uint8Array): Name {
  const reader = new DerReader(der)
  const name = readName(reader)
  reader.finish()
  return name
}

/** The name at which `reader` stands. Lengths and repetitions that RFC 5280 bounds are left to the lints. */
export function readName(reader: DerReader): Name {
  const content = reader.clone().sequence()
  const rdns: RelativeDistinguishedName[] = []
  while (!content.atEnd) rdns.push(readRelativeDistinguishedName(content))
  return { rdns, der: reader.readElement(Tag.sequence) }
}

/**
 * @param tag where the type is IMPLICIT under another one
 *
 * The order of the SET is not checked: it has no meaning here, and CAs have signed unsorted ones.
 */
export function readRelativeDistinguishedName(
  reader: DerReader,
  tag: number = Tag.set,
): RelativeDistinguishedName {
  const at = reader.offset
  const content = reader.enter(tag)
  if (content.atEnd) throw unreadable('Name', at, 'a RelativeDistinguishedName is empty')
  const attributes: NameAttribute[] = []
  while (!content.atEnd) attributes.push(readAttribute(content.sequence()))
  return attributes
}

/**
 * Types besides the character strings that attributes of names have: x500UniqueIdentifier (X.520 §6.2.7), dateOfBirth
 * (RFC 3739 §3.2.2), postalAddress (X.520 §6.7.1); an OCTET STRING for private ones. A name that holds an INTEGER or an
 * ENUMERATED is a string whose tag was changed: pyca, Go and OpenSSL read none.
 */
const otherValueTags: ReadonlySet<number> = new Set([
  Tag.bitString,
  Tag.octetString,
  Tag.utcTime,
  Tag.generalizedTime,
  Tag.sequence,
])

function readAttribute(reader: DerReader): NameAttribute {
  const type = reader.objectIdentifier()
  const at = reader.offset
  const tag = reader.peekTag()
  if (!reader.atEnd && !isCharacterString(tag) && !otherValueTags.has(tag)) {
    throw unreadable('Name', at, `the value of ${type} has a type that no attribute of a name has`)
  }
  const value = isCharacterString(tag)
    ? decodeCharacterString(tag, reader.read(tag))
    : `#${hexEncode(reader.readAny())}`
  if (value === undefined)
    throw unreadable('Name', at, `the value of ${type} has a character outside its string type`)
  reader.finish()
  return { type, tag, value }
}

export const name = (value: Name): Encoder => raw(value.der)

/** @throws {PkiError} `invalid_structure`: empty, or a value outside its string type */
export function relativeDistinguishedName(rdn: RelativeDistinguishedName, tag: number = Tag.set): Encoder {
  if (rdn.length === 0) throw unwritable('Name', 'a RelativeDistinguishedName is empty')
  const encodings = rdn.map((attribute) =>
    encode(sequence(objectIdentifier(attribute.type), attributeValueOf(attribute))),
  )
  return constructed(tag, ...encodings.sort(compareBytes).map(raw))
}

function attributeValueOf({ type, tag, value }: NameAttribute): Encoder {
  if (!isCharacterString(tag)) return raw(hexDecode(value.slice(1)))
  const content = encodeCharacterString(tag, value)
  if (content === undefined)
    throw unwritable('Name', `the value of ${type} has a character outside its string type`)
  return primitive(tag, content)
}

/** The value of the last attribute of this type that is text: the most specific one. */
export function attributeValue(name: Name, attribute: keyof NameFields): string | undefined {
  const { oid } = fieldTypes[attribute]
  const values = name.rdns.flat().filter(({ type, tag }) => type === oid && isCharacterString(tag))
  return values.at(-1)?.value
}

/**
 * RFC 5280 §7.1: the same levels in the same order, each with the same attributes in any order. Strings of different
 * types match where their prepared texts do; TeletexString and whatever is no string match by their bytes.
 */
export function namesMatch(a: Name, b: Name): boolean {
  return equalBytes(a.der, b.der) || nameKey(a) === nameKey(b)
}

/** Equal for names that match, and only for those: a key for maps. Its form may change. */
export const nameKey = (name: Name): string => levelKeys(name).join('\u0002')

/** The key of the name's first levels: names in one subtree (RFC 5280 §4.2.1.10, directoryName) have that of its base. */
export const leadingKey = (name: Name, levels: number): string =>
  levelKeys(name).slice(0, levels).join('\u0002')

const rememberedKeys = new WeakMap<Name, readonly string[]>()

/** One text a level. Prepared strings have no control characters, so that these can separate. */
function levelKeys(name: Name): readonly string[] {
  let keys = rememberedKeys.get(name)
  if (keys === undefined) {
    keys = name.rdns.map((rdn) => rdn.map(attributeKey).sort().join('\u0001'))
    rememberedKeys.set(name, keys)
  }
  return keys
}

function attributeKey(attribute: NameAttribute): string {
  const { type, tag, value } = attribute
  const isComparedAsText = isCharacterString(tag) && tag !== Tag.teletexString
  return `${type}${isComparedAsText ? `=${prepareString(value)}` : hexValue(attribute)}`
}

const hexValue = (attribute: NameAttribute): string => `#${hexEncode(encode(attributeValueOf(attribute)))}`

/** RFC 4514, the most specific level first: `CN=db.example.org,O=Example,C=DE`. */
export function formatName(name: Name): string {
  return [...name.rdns]
    .reverse()
    .map((rdn) => rdn.map(formatAttribute).join('+'))
    .join(',')
}

/** RFC 4514 §2.3, §2.4: a type without a keyword stands as OID, and its value as hex. */
function formatAttribute(attribute: NameAttribute): string {
  const keyword = attributeKeywords.get(attribute.type)
  if (keyword === undefined) return `${attribute.type}=${hexValue(attribute)}`
  if (!isCharacterString(attribute.tag)) return `${keyword}=${attribute.value}`
  return `${keyword}=${escapeValue(attribute.value)}`
}

/** Beyond what RFC 4514 demands, characters are escaped that would break a log line or turn its direction round. */
function escapeValue(value: string): string {
  return value
    .replace(/[\\"+,;<>]|^[ #]| $/g, '\\$&')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
      hexEncode(utf8Encode(character)).replace(/../g, '\\$&'),
    )
}
