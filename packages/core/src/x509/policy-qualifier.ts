import type { DerReader } from '../asn1/der-reader.js'
import {
  type Encoder,
  integer,
  objectIdentifier,
  optional,
  primitive,
  raw,
  sequence,
  sequenceOf,
} from '../asn1/der-writer.js'
import { Tag } from '../asn1/tags.js'
import { decodeCharacterString, encodeCharacterString } from './character-string.js'
import { unreadable, unwritable } from './structure-error.js'

/** What is said about a policy (RFC 5280 §4.2.1.4). It has no part in path validation. */
export type PolicyQualifier =
  | { readonly type: 'cPS'; readonly uri: string }
  | ({ readonly type: 'userNotice' } & UserNotice)
  /** `der` is the qualifier as it stands. */
  | { readonly type: 'unknown'; readonly qualifierId: string; readonly der: Uint8Array }

export interface UserNotice {
  readonly noticeRef?: NoticeReference | undefined
  readonly explicitText?: DisplayText | undefined
}

export interface NoticeReference {
  readonly organization: DisplayText
  readonly noticeNumbers: readonly number[]
}

/** `tag` is one of UTF8String (which conforming CAs write), IA5String, VisibleString and BMPString. */
export interface DisplayText {
  readonly tag: number
  readonly value: string
}

const cps = '1.3.6.1.5.5.7.2.1'
const unotice = '1.3.6.1.5.5.7.2.2'

const displayTextTags: readonly number[] = [Tag.utf8String, Tag.ia5String, Tag.visibleString, Tag.bmpString]

/** RFC 5280 §4.2.1.4: no longer when written; when read, "users SHOULD gracefully handle" a longer one. */
const maximumCharacters = 200

/** @param reader on the content of PolicyQualifierInfo */
export function readPolicyQualifier(reader: DerReader): PolicyQualifier {
  const qualifierId = reader.objectIdentifier()
  const qualifier = readQualifier(reader, qualifierId)
  reader.finish()
  return qualifier
}

function readQualifier(reader: DerReader, qualifierId: string): PolicyQualifier {
  if (qualifierId === cps) return { type: 'cPS', uri: readString(reader, Tag.ia5String) }
  if (qualifierId === unotice) return { type: 'userNotice', ...readUserNotice(reader.sequence()) }
  return { type: 'unknown', qualifierId, der: reader.readAny() }
}

function readUserNotice(reader: DerReader): UserNotice {
  const reference = reader.enterOptional(Tag.sequence)
  const noticeRef = reference && readNoticeReference(reference)
  const explicitText = reader.atEnd ? undefined : readDisplayText(reader)
  reader.finish()
  return { noticeRef, explicitText }
}

function readNoticeReference(reader: DerReader): NoticeReference {
  const organization = readDisplayText(reader)
  const numbers = reader.sequence()
  reader.finish()
  const noticeNumbers: number[] = []
  while (!numbers.atEnd) noticeNumbers.push(numbers.smallInteger())
  return { organization, noticeNumbers }
}

function readDisplayText(reader: DerReader): DisplayText {
  const at = reader.offset
  const tag = reader.peekTag()
  if (!displayTextTags.includes(tag)) throw unreadable('DisplayText', at, 'no form of text has this tag')
  return { tag, value: readString(reader, tag) }
}

function readString(reader: DerReader, tag: number): string {
  const at = reader.offset
  const text = decodeCharacterString(tag, reader.read(tag))
  if (text === undefined)
    throw unreadable('PolicyQualifier', at, 'a text has a character outside its string type')
  return text
}

/** @throws {PkiError} `invalid_structure`: a text that is empty, too long or outside its string type */
export function policyQualifier(qualifier: PolicyQualifier): Encoder {
  switch (qualifier.type) {
    case 'cPS':
      return sequence(objectIdentifier(cps), string(Tag.ia5String, qualifier.uri))
    case 'userNotice':
      return sequence(objectIdentifier(unotice), userNotice(qualifier))
    case 'unknown':
      return sequence(objectIdentifier(qualifier.qualifierId), raw(qualifier.der))
  }
}

function userNotice({ noticeRef, explicitText }: UserNotice): Encoder {
  return sequence(
    optional(noticeRef, ({ organization, noticeNumbers }) =>
      sequence(
        displayText(organization),
        sequenceOf(noticeNumbers, (number) => integer(number)),
      ),
    ),
    optional(explicitText, displayText),
  )
}

function displayText({ tag, value }: DisplayText): Encoder {
  if (!displayTextTags.includes(tag)) throw unwritable('DisplayText', 'no form of text has this tag')
  const length = [...value].length
  if (length < 1 || length > maximumCharacters) {
    throw unwritable('DisplayText', `it has ${length} characters where 1 to ${maximumCharacters} are allowed`)
  }
  return string(tag, value)
}

function string(tag: number, text: string): Encoder {
  const content = encodeCharacterString(tag, text)
  if (content === undefined)
    throw unwritable('PolicyQualifier', 'a text has a character outside its string type')
  return primitive(tag, content)
}
