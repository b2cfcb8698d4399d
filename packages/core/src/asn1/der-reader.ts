import { PkiError } from '../errors/pki-error.js'
import { invalidDer } from './der-error.js'
import { decodeOid } from './oid.js'
import { contextConstructed, contextPrimitive, Tag } from './tags.js'
import { decodeGeneralizedTime, decodeUtcTime } from './time.js'

/*
 * A strict reader of DER (X.690 §8 and §10).
 *
 * BER allows many encodings of one value; DER allows one. A reader that accepts the others lets two parties read two
 * values from the same signed bytes, so everything here is refused that the writer would not have written: indefinite
 * or non-minimal lengths, non-minimal integers and object identifiers, booleans other than 00 and ff, set bits behind
 * the end of a bit string, trailing bytes.
 *
 * Three forms are read that DER or RFC 5280 does not allow to be written, because they are in the field, other
 * implementations read them, and they cannot be read in two ways: zero bits at the end of named bits (`namedBits`), a
 * GeneralizedTime before 2050 (`time`), and, where a caller asks for it, an encoded DEFAULT FALSE (`booleanOrAbsent`).
 * The lint rule canonical-encoding keeps them out of what is issued.
 *
 * A reader is a window on the whole input, so that every error carries the offset in what the caller handed in, and
 * nothing is copied: returned arrays are views. Input decides neither recursion nor memory: nesting is limited by
 * `maximumDepth`, and every length is checked against the window before it is used.
 */

/** Nesting allowed below the outermost element. A certificate with every extension of RFC 5280 needs about 14. */
const maximumDepth = 32

/** Longest input, in octets: a CRL of a million entries takes about 40 MB. */
const maximumLength = 1 << 28

/** Universal types that are constructed: EXTERNAL, EMBEDDED PDV, SEQUENCE, SET. All others are primitive (X.690 §10.2). */
const constructedTypes: ReadonlySet<number> = new Set([8, 11, 16, 17])

/** Largest tag number that is passed over: four octets of it. */
const maximumTagNumber = (1 << 28) - 1

export interface BitString {
  /** Bits of the last octet that do not count, 0 to 7; they are zero in DER. */
  unusedBits: number
  bytes: Uint8Array
}

export class DerReader {
  readonly #input: Uint8Array
  readonly #end: number
  readonly #depth: number
  #offset: number

  /** @throws {PkiError} `der_limit_exceeded`: longer than 256 MiB */
  constructor(input: Uint8Array, window?: { start: number; end: number; depth: number }) {
    if (input.length > maximumLength) throw limitExceeded(0, 'the input is too long', maximumLength)
    this.#input = input
    this.#offset = window?.start ?? 0
    this.#end = window?.end ?? input.length
    this.#depth = window?.depth ?? 0
  }

  /** A reader that stands where this one does and moves alone: for an element whose bytes are kept beside its value. */
  clone(): DerReader {
    return new DerReader(this.#input, { start: this.#offset, end: this.#end, depth: this.#depth })
  }

  /** Where the next element starts, counted from the start of the outermost input. */
  get offset(): number {
    return this.#offset
  }

  get atEnd(): boolean {
    return this.#offset >= this.#end
  }

  /** The identifier octet of the next element, or -1 at the end. */
  peekTag(): number {
    return this.#offset < this.#end ? (this.#input[this.#offset] as number) : -1
  }

  /** @throws {PkiError} `invalid_der`: there are bytes behind the last element */
  finish(): void {
    if (this.#offset < this.#end) {
      throw invalidDer(this.#offset, `${this.#end - this.#offset} bytes follow where the structure ends`)
    }
  }

  /** The content octets of the next element, which must have this tag. */
  read(tag: number): Uint8Array {
    const start = this.#enter(tag)
    return this.#input.subarray(start, this.#offset)
  }

  /** The content octets of the next element where it has this tag, else `undefined`. */
  readOptional(tag: number): Uint8Array | undefined {
    return this.peekTag() === tag ? this.read(tag) : undefined
  }

  /** The next element whole, header included, where it has this tag; its content is not examined. */
  readElement(tag: number): Uint8Array {
    const start = this.#offset
    this.#enter(tag)
    return this.#input.subarray(start, this.#offset)
  }

  /** The next element whole, whatever it is. What it contains is checked to be well-formed DER down to the leaves. */
  readAny(): Uint8Array {
    const start = this.#offset
    const tag = this.peekTag()
    const contentStart = tag >= 0 && (tag & 0x1f) === 0x1f ? this.#enterHighTag(tag) : this.#enter(tag)
    const isConstructed = (tag & 0x20) !== 0
    if (tag === 0) throw invalidDer(start, 'an end-of-contents stands where an element is expected')
    if ((tag & 0xc0) === 0 && isConstructed !== constructedTypes.has(tag & 0x1f)) {
      throw invalidDer(
        start,
        `${tagName(tag)} is ${isConstructed ? 'constructed' : 'primitive'}, which DER does not allow`,
      )
    }
    if (isConstructed) {
      const inner = this.#window(contentStart)
      while (!inner.atEnd) inner.readAny()
    }
    return this.#input.subarray(start, this.#offset)
  }

  /** A reader on the content of the next element, which must have this (constructed) tag. */
  enter(tag: number): DerReader {
    return this.#window(this.#enter(tag))
  }

  enterOptional(tag: number): DerReader | undefined {
    return this.peekTag() === tag ? this.enter(tag) : undefined
  }

  sequence(): DerReader {
    return this.enter(Tag.sequence)
  }

  set(): DerReader {
    return this.enter(Tag.set)
  }

  /** A reader on what `[number] EXPLICIT` wraps, or on the content of a constructed `[number] IMPLICIT`. */
  optionalContext(number: number): DerReader | undefined {
    return this.enterOptional(contextConstructed(number))
  }

  /** The content of a primitive `[number] IMPLICIT`. */
  optionalContextPrimitive(number: number): Uint8Array | undefined {
    return this.readOptional(contextPrimitive(number))
  }

  /** X.690 §8.2, §11.1. `tag` is given where the type is IMPLICIT under another one. */
  boolean(tag: number = Tag.boolean): boolean {
    const at = this.#offset
    const content = this.read(tag)
    if (content.length !== 1) throw invalidDer(at, `a BOOLEAN has ${content.length} octets`)
    if (content[0] === 0x00) return false
    if (content[0] === 0xff) return true
    throw invalidDer(at, 'a BOOLEAN is neither 00 nor ff')
  }

  /** A BOOLEAN DEFAULT FALSE: absent is false, and an encoded FALSE is refused (X.690 §11.5). */
  booleanDefaultFalse(tag: number = Tag.boolean): boolean {
    if (this.peekTag() !== tag) return false
    const at = this.#offset
    if (this.boolean(tag)) return true
    throw invalidDer(at, 'a DEFAULT value is encoded')
  }

  /** A BOOLEAN DEFAULT FALSE that may be encoded all the same. */
  booleanOrAbsent(tag: number = Tag.boolean): boolean {
    return this.peekTag() === tag && this.boolean(tag)
  }

  /** The content octets of an INTEGER, minimal two's complement (X.690 §8.3). */
  integerBytes(tag: number = Tag.integer): Uint8Array {
    const at = this.#offset
    const content = this.read(tag)
    if (content.length === 0) throw invalidDer(at, 'an INTEGER is empty')
    if (content.length > 1) {
      const second = content[1] as number
      if ((content[0] === 0x00 && second < 0x80) || (content[0] === 0xff && second >= 0x80)) {
        throw invalidDer(at, 'an INTEGER is not minimal')
      }
    }
    return content
  }

  /** An INTEGER that fits `maximum` (at most 2^31 - 1) and is not negative. */
  smallInteger(maximum = 0x7fffffff, tag: number = Tag.integer): number {
    const at = this.#offset
    const content = this.integerBytes(tag)
    if ((content[0] as number) >= 0x80) throw invalidDer(at, 'an INTEGER is negative')
    let value = 0
    if (content.length > 5) throw limitExceeded(at, 'an INTEGER is too large', maximum)
    for (const octet of content) value = value * 256 + octet
    if (value > maximum) throw limitExceeded(at, 'an INTEGER is too large', maximum)
    return value
  }

  /** X.690 §8.6, §11.2.1. */
  bitString(tag: number = Tag.bitString): BitString {
    const at = this.#offset
    const content = this.read(tag)
    if (content.length === 0) throw invalidDer(at, 'a BIT STRING is empty')
    const unusedBits = content[0] as number
    const bytes = content.subarray(1)
    if (unusedBits > 7 || (unusedBits > 0 && bytes.length === 0)) {
      throw invalidDer(at, `a BIT STRING claims ${unusedBits} unused bits`)
    }
    if (unusedBits > 0 && ((bytes[bytes.length - 1] as number) & ((1 << unusedBits) - 1)) !== 0) {
      throw invalidDer(at, 'an unused bit of a BIT STRING is set')
    }
    return { unusedBits, bytes }
  }

  /** A BIT STRING that holds whole octets, as keys and signatures do. */
  octetAlignedBitString(tag: number = Tag.bitString): Uint8Array {
    const at = this.#offset
    const { unusedBits, bytes } = this.bitString(tag)
    if (unusedBits !== 0) throw invalidDer(at, `a BIT STRING of whole octets has ${unusedBits} unused bits`)
    return bytes
  }

  /**
   * A BIT STRING with named bits, as the set of their numbers. Zero bits at the end, which X.690 §11.2.2 cuts, are
   * taken: they have no meaning (X.680 §22.7), and CAs have signed them.
   *
   * @param count how many bits have names; bits behind them are kept out of the result but may be set
   */
  namedBits(count: number, tag: number = Tag.bitString): ReadonlySet<number> {
    const { unusedBits, bytes } = this.bitString(tag)
    const bits = new Set<number>()
    const length = Math.min(count, bytes.length * 8 - unusedBits)
    for (let bit = 0; bit < length; bit++) {
      if (((bytes[bit >> 3] as number) & (0x80 >> (bit & 7))) !== 0) bits.add(bit)
    }
    return bits
  }

  octetString(tag: number = Tag.octetString): Uint8Array {
    return this.read(tag)
  }

  null(tag: number = Tag.null): void {
    const at = this.#offset
    if (this.read(tag).length !== 0) throw invalidDer(at, 'a NULL has content')
  }

  /** Dotted decimal, of at most 64 octets (see oid.ts). */
  objectIdentifier(tag: number = Tag.objectIdentifier): string {
    const at = this.#offset
    return decodeOid(this.read(tag), at)
  }

  /**
   * A `Time` of RFC 5280 §4.1.2.5. CAs "MUST always encode" dates through 2049 as UTCTime; a GeneralizedTime for one is
   * read all the same, since it says the same.
   */
  time(): Date {
    const at = this.#offset
    if (this.peekTag() === Tag.utcTime) return decodeUtcTime(this.read(Tag.utcTime), at)
    return decodeGeneralizedTime(this.read(Tag.generalizedTime), at)
  }

  /** A GeneralizedTime in the form of RFC 5280 §4.1.2.5.2: seconds, Z, no fraction; any year. */
  generalizedTime(tag: number = Tag.generalizedTime): Date {
    const at = this.#offset
    return decodeGeneralizedTime(this.read(tag), at)
  }

  #window(start: number): DerReader {
    if (this.#depth === maximumDepth) throw limitExceeded(start, 'the nesting is too deep', maximumDepth)
    return new DerReader(this.#input, { start, end: this.#offset, depth: this.#depth + 1 })
  }

  /** Check the header of the next element, move behind the element, and say where its content starts. */
  #enter(tag: number): number {
    const input = this.#input
    const at = this.#offset
    if (at >= this.#end) throw invalidDer(at, `the input ends where ${tagName(tag)} is expected`)
    const actual = input[at] as number
    if (actual !== tag) throw invalidDer(at, `${tagName(actual)} stands where ${tagName(tag)} is expected`)
    if ((actual & 0x1f) === 0x1f) throw invalidDer(at, 'a tag number above 30 is not used in X.509')
    return this.#enterBehindTag(at, at + 1)
  }

  /** As `#enter`, of an element whose tag number stands in the octets behind the first (X.690 §8.1.2.4). */
  #enterHighTag(first: number): number {
    const at = this.#offset
    let offset = at + 1
    let number = 0
    let octet = 0x80
    while (octet >= 0x80) {
      if (offset >= this.#end) throw invalidDer(offset, 'the input ends inside a header')
      octet = this.#input[offset++] as number
      number = number * 128 + (octet & 0x7f)
      if (number === 0) throw invalidDer(at, 'a tag number is not minimal')
      if (number > maximumTagNumber) throw limitExceeded(at, 'a tag number is too large', maximumTagNumber)
    }
    if (number < 31) throw invalidDer(at, 'a tag number is not minimal')
    if ((first & 0xc0) === 0) throw invalidDer(at, 'a universal type has a tag number above 30')
    return this.#enterBehindTag(at, offset)
  }

  /** @param start where the length stands of the element that starts `at` */
  #enterBehindTag(at: number, start: number): number {
    const input = this.#input
    let offset = start
    if (offset >= this.#end) throw invalidDer(offset, 'the input ends inside a header')
    let length = input[offset++] as number
    if (length >= 0x80) {
      const octets = length & 0x7f
      if (octets === 0) throw invalidDer(at, 'the length is indefinite')
      if (octets > 4) throw limitExceeded(at, 'the length is too large', maximumLength)
      if (offset + octets > this.#end) throw invalidDer(offset, 'the input ends inside a header')
      length = 0
      for (let i = 0; i < octets; i++) length = length * 256 + (input[offset++] as number)
      if (length < 0x80 || length < 256 ** (octets - 1)) throw invalidDer(at, 'the length is not minimal')
    }
    if (length > this.#end - offset) {
      throw invalidDer(at, `the element claims ${length} octets where ${this.#end - offset} are left`)
    }
    this.#offset = offset + length
    return offset
  }
}

function limitExceeded(offset: number, state: string, limit: number): PkiError<'der_limit_exceeded'> {
  return new PkiError(
    'der_limit_exceeded',
    `Cannot read DER at offset ${offset}: ${state} (the limit is ${limit})`,
    {
      offset,
      limit,
    },
  )
}

const tagNames = new Map<number, string>(Object.entries(Tag).map(([name, tag]) => [tag, name]))

function tagName(tag: number): string {
  if (tag < 0) return 'an element'
  const universal = tagNames.get(tag)
  if (universal !== undefined) return universal
  if ((tag & 0xc0) === 0x80) return `[${tag & 0x1f}]`
  return `tag 0x${tag.toString(16).padStart(2, '0')}`
}
