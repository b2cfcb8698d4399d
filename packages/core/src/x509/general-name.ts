import type { DerReader } from '../asn1/der-reader.js'
import {
  constructed,
  type Encoder,
  explicit,
  objectIdentifier,
  octetString,
  primitive,
  raw,
} from '../asn1/der-writer.js'
import { contextConstructed, contextPrimitive, Tag } from '../asn1/tags.js'
import { hexEncode } from '../encoding/hex.js'
import { decodeCharacterString, encodeCharacterString } from './character-string.js'
import { formatIpAddress } from './ip-address.js'
import { formatName, type Name, name, readName } from './name.js'
import { unreadable, unwritable } from './structure-error.js'

/**
 * One of the forms that a name can have (RFC 5280 §4.2.1.6). Texts are as in the certificate, any ASCII: whether they
 * are DNS names, mailboxes or URIs is decided by those who issue or compare them.
 */
export type GeneralName =
  | { readonly type: 'dns'; readonly value: string }
  | { readonly type: 'email'; readonly value: string }
  | { readonly type: 'uri'; readonly value: string }
  /** 4 or 16 octets; in a name constraint 8 or 32, address and mask. */
  | { readonly type: 'ip'; readonly address: Uint8Array }
  | { readonly type: 'directoryName'; readonly name: Name }
  | { readonly type: 'registeredId'; readonly oid: string }
  /** `valueDer` is what `[0] EXPLICIT` wraps. */
  | { readonly type: 'otherName'; readonly typeId: string; readonly valueDer: Uint8Array }
  /** `der` is the whole element, context tag included. */
  | { readonly type: 'x400Address'; readonly der: Uint8Array }
  | { readonly type: 'ediPartyName'; readonly der: Uint8Array }

/** Where a name stands decides the length of an IP address: a constraint is a range (RFC 5280 §4.2.1.10). */
export type GeneralNamePlace = 'name' | 'constraint'

const ipLengths: Readonly<Record<GeneralNamePlace, readonly [number, number]>> = {
  name: [4, 16],
  constraint: [8, 32],
}

const textTags = { email: contextPrimitive(1), dns: contextPrimitive(2), uri: contextPrimitive(6) } as const

const otherNameTag = contextConstructed(0)
const x400AddressTag = contextConstructed(3)
const directoryNameTag = contextConstructed(4)
const ediPartyNameTag = contextConstructed(5)
const ipTag = contextPrimitive(7)
const registeredIdTag = contextPrimitive(8)

/** @throws {PkiError} `invalid_der`, `invalid_structure` */
export function readGeneralName(reader: DerReader, place: GeneralNamePlace = 'name'): GeneralName {
  const at = reader.offset
  const tag = reader.peekTag()
  switch (tag) {
    case textTags.email:
      return { type: 'email', value: readIa5Text(reader, tag) }
    case textTags.dns:
      return { type: 'dns', value: readIa5Text(reader, tag) }
    case textTags.uri:
      return { type: 'uri', value: readIa5Text(reader, tag) }
    case ipTag: {
      const address = reader.octetString(tag)
      const fault = ipFault(address, place)
      if (fault !== undefined) throw unreadable('GeneralName', at, fault)
      return { type: 'ip', address }
    }
    case directoryNameTag: {
      const content = reader.enter(tag)
      const directoryName = readName(content)
      content.finish()
      return { type: 'directoryName', name: directoryName }
    }
    case registeredIdTag:
      return { type: 'registeredId', oid: reader.objectIdentifier(tag) }
    case otherNameTag:
      return readOtherName(reader.enter(tag))
    case x400AddressTag:
      return { type: 'x400Address', der: reader.readAny() }
    case ediPartyNameTag:
      return { type: 'ediPartyName', der: reader.readAny() }
    default:
      throw unreadable('GeneralName', at, 'no form of name has this tag')
  }
}

function readOtherName(reader: DerReader): GeneralName {
  const typeId = reader.objectIdentifier()
  const wrapper = reader.enter(contextConstructed(0))
  const valueDer = wrapper.readAny()
  wrapper.finish()
  reader.finish()
  return { type: 'otherName', typeId, valueDer }
}

function readIa5Text(reader: DerReader, tag: number): string {
  const at = reader.offset
  const text = decodeCharacterString(Tag.ia5String, reader.read(tag))
  if (text === undefined) throw unreadable('GeneralName', at, 'an IA5String has a character outside ASCII')
  return text
}

function ipFault(address: Uint8Array, place: GeneralNamePlace): string | undefined {
  const [v4, v6] = ipLengths[place]
  if (address.length === v4 || address.length === v6) return undefined
  return `an IP address has ${address.length} octets where ${v4} or ${v6} are required`
}

/** @throws {PkiError} `invalid_structure`: text outside ASCII, or an IP address of the wrong length */
export function generalName(value: GeneralName, place: GeneralNamePlace = 'name'): Encoder {
  switch (value.type) {
    case 'email':
    case 'dns':
    case 'uri':
      return ia5Text(value.value, textTags[value.type])
    case 'ip': {
      const fault = ipFault(value.address, place)
      if (fault !== undefined) throw unwritable('GeneralName', fault)
      return octetString(value.address, ipTag)
    }
    case 'directoryName':
      return constructed(directoryNameTag, name(value.name))
    case 'registeredId':
      return objectIdentifier(value.oid, registeredIdTag)
    case 'otherName':
      return constructed(otherNameTag, objectIdentifier(value.typeId), explicit(0, raw(value.valueDer)))
    case 'x400Address':
    case 'ediPartyName':
      return raw(value.der)
  }
}

function ia5Text(text: string, tag: number): Encoder {
  const content = encodeCharacterString(Tag.ia5String, text)
  if (content === undefined)
    throw unwritable('GeneralName', `"${text.slice(0, 80)}" has a character outside ASCII`)
  return primitive(tag, content)
}

/**
 * The names up to the end of `reader`, which is on the content of GeneralNames.
 *
 * @throws {PkiError} `invalid_structure`: none, where RFC 5280 §4.2.1.6 has SIZE (1..MAX)
 */
export function readGeneralNames(reader: DerReader): GeneralName[] {
  if (reader.atEnd) throw unreadable('GeneralNames', reader.offset, 'the list is empty')
  const names: GeneralName[] = []
  while (!reader.atEnd) names.push(readGeneralName(reader))
  return names
}

/**
 * @param tag where the type is IMPLICIT under another one
 * @throws {PkiError} `invalid_structure`: no names, or one that cannot be written
 */
export function generalNames(values: readonly GeneralName[], tag: number = Tag.sequence): Encoder {
  if (values.length === 0) throw unwritable('GeneralNames', 'the list is empty')
  return constructed(tag, ...values.map((value) => generalName(value)))
}

/**
 * One name as people and logs see it: `DNS:example.org`, `IP:192.0.2.1`. A value with anything that could pass for
 * another name in a list, or that does not print, stands in quotes and escaped as in JSON (CVE-2021-44532).
 */
export function formatGeneralName(value: GeneralName): string {
  switch (value.type) {
    case 'dns':
      return `DNS:${quoteUnsafe(value.value)}`
    case 'email':
      return `email:${quoteUnsafe(value.value)}`
    case 'uri':
      return `URI:${quoteUnsafe(value.value)}`
    case 'ip':
      return `IP:${formatIpAddress(value.address)}`
    case 'directoryName':
      return `dirName:${quoteUnsafe(formatName(value.name))}`
    case 'registeredId':
      return `RID:${value.oid}`
    case 'otherName':
      return `otherName:${value.typeId}#${hexEncode(value.valueDer)}`
    case 'x400Address':
    case 'ediPartyName':
      return `${value.type}:#${hexEncode(value.der)}`
  }
}

function quoteUnsafe(text: string): string {
  if (/^[!#-+\--~]*$/.test(text)) return text
  return JSON.stringify(text).replace(/\x7f/g, '\\u007f')
}
