import { utf8Encode } from '../encoding/bytes.js'
import { encodeOid } from './oid.js'
import { contextConstructed, Tag } from './tags.js'
import { generalizedTimeText, timeText } from './time.js'

/*
 * A writer of DER that works backwards.
 *
 * The length of an element stands before its content, and is known only when the content is written. Written from the
 * end to the start, every length is known when its turn comes: one buffer, no patching, no copy of a nested structure.
 *
 * Callers do not see that. They compose encoders, which read in the order of the ASN.1 module:
 *
 *   encode(sequence(objectIdentifier('2.5.4.3'), utf8String('Example')))
 */

/** Writes one or more elements in front of what `out` holds already. */
export type Encoder = (out: DerWriter) => void

/** An encoder, or nothing: how an OPTIONAL or DEFAULT element is left out. */
export type OptionalEncoder = Encoder | undefined

/** Above this, the call of `set` costs less than the octets one by one. */
const longestByOctet = 24

export class DerWriter {
  #buffer: Uint8Array
  /** Everything from here to `#end` is written. */
  #start: number
  #end: number

  /** @param behind octets that `append` has room for; the writer grows before what is written, not behind */
  constructor(capacity = 1024, behind = 0) {
    this.#buffer = new Uint8Array(capacity + behind)
    this.#start = capacity
    this.#end = capacity
  }

  /** How many octets are written. */
  get length(): number {
    return this.#end - this.#start
  }

  octet(value: number): void {
    if (this.#start === 0) this.#grow(1)
    this.#buffer[--this.#start] = value
  }

  bytes(bytes: Uint8Array): void {
    if (bytes.length > this.#start) this.#grow(bytes.length)
    this.#start -= bytes.length
    const { length } = bytes
    if (length > longestByOctet) {
      this.#buffer.set(bytes, this.#start)
      return
    }
    for (let i = 0; i < length; i++) this.#buffer[this.#start + i] = bytes[i] as number
  }

  /** Tag and length in front of everything that was written since `length` was `before`. */
  header(tag: number, before: number): void {
    let length = this.length - before
    if (length < 0x80) {
      this.octet(length)
    } else {
      let octets = 0
      for (; length > 0; length = Math.floor(length / 256)) {
        this.octet(length % 256)
        octets++
      }
      this.octet(0x80 | octets)
    }
    this.octet(tag)
  }

  /** A copy of what is written, in its own buffer. */
  finish(): Uint8Array {
    return this.#buffer.slice(this.#start, this.#end)
  }

  /** What is written, where it is: writing goes on around it and does not change it. */
  view(): Uint8Array {
    return this.#buffer.subarray(this.#start, this.#end)
  }

  /** Behind all that is written, for what is known only when the rest is: a signature. @throws {RangeError} no room */
  append(bytes: Uint8Array): void {
    this.#buffer.set(bytes, this.#end)
    this.#end += bytes.length
  }

  /** Forget what is written, which may have been a private key: the buffer holds no trace of it. */
  reset(): void {
    this.#buffer.fill(0, this.#start)
    this.#start = this.#end
  }

  get capacity(): number {
    return this.#buffer.length
  }

  #grow(needed: number): void {
    const written = this.length
    const behind = this.#buffer.length - this.#end
    const capacity = Math.max(this.#end * 2, written + needed + 256)
    const larger = new Uint8Array(capacity + behind)
    larger.set(this.view(), capacity - written)
    this.#start = capacity - written
    this.#end = capacity
    this.#buffer = larger
  }
}

/** A spare buffer that grew beyond this is not kept. */
const maximumSpareCapacity = 1 << 16

/** One writer for all calls that do not overlap, because most are for a few octets. */
let spare: DerWriter | undefined

export function encode(encoder: Encoder): Uint8Array {
  const out = spare ?? new DerWriter(4096)
  // An encoder may call `encode` itself: it gets another writer.
  spare = undefined
  try {
    encoder(out)
    return out.finish()
  } finally {
    out.reset()
    if (out.capacity <= maximumSpareCapacity) spare = out
  }
}

/** Content octets that exist already. */
export function primitive(tag: number, content: Uint8Array): Encoder {
  return (out) => {
    const before = out.length
    out.bytes(content)
    out.header(tag, before)
  }
}

/** A whole element, or several, that are encoded already. */
export const raw =
  (der: Uint8Array): Encoder =>
  (out) => {
    out.bytes(der)
  }

export function constructed(tag: number, ...parts: readonly OptionalEncoder[]): Encoder {
  return (out) => {
    const before = out.length
    for (let i = parts.length - 1; i >= 0; i--) parts[i]?.(out)
    out.header(tag, before)
  }
}

export const sequence = (...parts: readonly OptionalEncoder[]): Encoder => constructed(Tag.sequence, ...parts)

export const sequenceOf = <T>(items: readonly T[], encoder: (item: T) => Encoder): Encoder =>
  constructed(Tag.sequence, ...items.map(encoder))

/** A SET OF: DER sorts the encodings (X.690 §11.6). */
export function setOf(
  encodings: readonly Uint8Array[],
  compare: (a: Uint8Array, b: Uint8Array) => number,
): Encoder {
  return constructed(Tag.set, ...[...encodings].sort(compare).map(raw))
}

/** `[number] EXPLICIT`. */
export const explicit = (number: number, ...parts: readonly OptionalEncoder[]): Encoder =>
  constructed(contextConstructed(number), ...parts)

/** Writes `value` unless it is `undefined`. */
export const optional = <T>(value: T | undefined, encoder: (value: T) => Encoder): OptionalEncoder =>
  value === undefined ? undefined : encoder(value)

const falseContent = Uint8Array.of(0x00)
const trueContent = Uint8Array.of(0xff)

export const boolean = (value: boolean, tag: number = Tag.boolean): Encoder =>
  primitive(tag, value ? trueContent : falseContent)

/** A BOOLEAN DEFAULT FALSE: false is left out. */
export const booleanDefaultFalse = (value: boolean, tag: number = Tag.boolean): OptionalEncoder =>
  value ? boolean(true, tag) : undefined

/** An INTEGER from 0 to 2^53 - 1. */
export function integer(value: number, tag: number = Tag.integer): Encoder {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`integer: expected a whole number from 0 to 2^53 - 1, got ${value}`)
  }
  return (out) => {
    const before = out.length
    let highest: number
    let rest = value
    do {
      highest = rest % 256
      out.octet(highest)
      rest = Math.floor(rest / 256)
    } while (rest > 0)
    if (highest >= 0x80) out.octet(0)
    out.header(tag, before)
  }
}

/** An INTEGER from its magnitude, big-endian: leading zeros are dropped, a sign octet is added where it is needed. */
export function unsignedInteger(magnitude: Uint8Array, tag: number = Tag.integer): Encoder {
  let first = 0
  while (first < magnitude.length - 1 && magnitude[first] === 0) first++
  return (out) => {
    const before = out.length
    out.bytes(first === 0 ? magnitude : magnitude.subarray(first))
    if (magnitude.length === 0 || (magnitude[first] as number) >= 0x80) out.octet(0)
    out.header(tag, before)
  }
}

export const enumerated = (value: number): Encoder => integer(value, Tag.enumerated)

export const octetString = (content: Uint8Array, tag: number = Tag.octetString): Encoder =>
  primitive(tag, content)

/** An OCTET STRING around an encoding. */
export const octetStringOf = (...parts: readonly OptionalEncoder[]): Encoder =>
  constructed(Tag.octetString, ...parts)

/** A BIT STRING of whole octets. */
export function bitString(bytes: Uint8Array, tag: number = Tag.bitString): Encoder {
  return (out) => {
    const before = out.length
    out.bytes(bytes)
    out.octet(0)
    out.header(tag, before)
  }
}

/** A BIT STRING of named bits, without trailing zeros (X.690 §11.2.2). */
export function namedBits(bits: Iterable<number>, tag: number = Tag.bitString): Encoder {
  const set = [...bits]
  if (set.some((bit) => !(bit >= 0))) throw new RangeError('namedBits: expected the numbers of bits, from 0')
  const highest = Math.max(-1, ...set)
  const content = new Uint8Array(1 + ((highest + 8) >> 3))
  content[0] = 7 - (highest & 7)
  for (const bit of set) content[1 + (bit >> 3)] = (content[1 + (bit >> 3)] as number) | (0x80 >> (bit & 7))
  return primitive(tag, content)
}

const nullElement = Uint8Array.of(Tag.null, 0)

export const nullValue: Encoder = raw(nullElement)

const encodedOids = new Map<string, Uint8Array>()

/** @throws {PkiError} `invalid_structure`: `oid` is no dotted decimal */
export function objectIdentifier(oid: string, tag: number = Tag.objectIdentifier): Encoder {
  let content = encodedOids.get(oid)
  if (content === undefined) {
    content = encodeOid(oid)
    if (encodedOids.size < 512) encodedOids.set(oid, content)
  }
  return primitive(tag, content)
}

/** A `Time` of RFC 5280 §4.1.2.5: UTCTime until 2049, GeneralizedTime from 2050; fractions of a second are cut. */
export function time(value: Date): Encoder {
  const { isUtcTime, text } = timeText(value)
  return asciiString(isUtcTime ? Tag.utcTime : Tag.generalizedTime, text)
}

export const generalizedTime = (value: Date, tag: number = Tag.generalizedTime): Encoder =>
  asciiString(tag, generalizedTimeText(value))

/** Short texts are written character by character: in a CRL of a million entries the encoder's call would take longer. */
function asciiString(tag: number, text: string): Encoder {
  return (out) => {
    const before = out.length
    for (let i = text.length - 1; i >= 0; i--) out.octet(text.charCodeAt(i))
    out.header(tag, before)
  }
}

export const utf8String = (text: string, tag: number = Tag.utf8String): Encoder =>
  primitive(tag, utf8Encode(text))

/** @throws {RangeError} `text` has a character outside ASCII; callers check before, with an error for people */
export function ia5String(text: string, tag: number = Tag.ia5String): Encoder {
  // oxlint-disable-next-line no-control-regex -- IA5String is all of ASCII, controls included
  if (!/^[\x00-\x7f]*$/.test(text)) throw new RangeError('ia5String: expected ASCII characters only')
  return primitive(tag, utf8Encode(text))
}
