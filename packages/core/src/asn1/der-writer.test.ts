import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareBytes } from '../encoding/bytes.js'
import { hexEncode } from '../encoding/hex.js'
import { DerReader } from './der-reader.js'
import {
  bitString,
  boolean,
  booleanDefaultFalse,
  constructed,
  DerWriter,
  type Encoder,
  encode,
  explicit,
  ia5String,
  integer,
  namedBits,
  nullValue,
  objectIdentifier,
  octetString,
  octetStringOf,
  optional,
  sequence,
  setOf,
  time,
  unsignedInteger,
  utf8String,
} from './der-writer.js'

const hex = (encoder: Encoder): string => hexEncode(encode(encoder))

describe('the writer', () => {
  it.each([
    ['a length below 128 in one octet (X.690 §10.1)', () => octetString(new Uint8Array(127)), '047f'],
    ['a length of 128 in two', () => octetString(new Uint8Array(128)), '048180'],
    ['a length of 256 in three', () => octetString(new Uint8Array(256)), '04820100'],
    ['a length of 65,536 in four', () => octetString(new Uint8Array(65_536)), '0483010000'],
  ])('writes %s', (_, make, header) => {
    expect(hex(make()).slice(0, header.length)).toBe(header)
  })

  it.each([
    ['TRUE as ff (§11.1)', () => boolean(true), '0101ff'],
    ['an integer with the sign octet that it needs (§8.3.2)', () => integer(128), '02020080'],
    [
      'an integer without one that it does not need',
      () => unsignedInteger(Uint8Array.of(0, 0, 127)),
      '02017f',
    ],
    ['zero in one octet', () => unsignedInteger(new Uint8Array()), '020100'],
    ['the largest safe integer', () => integer(Number.MAX_SAFE_INTEGER), '02071fffffffffffff'],
    ['named bits without trailing zeros (§11.2.2)', () => namedBits([1, 9]), '0303064040'],
    ['no named bits', () => namedBits([]), '030100'],
    ['whole octets with no unused bits', () => bitString(Uint8Array.of(5)), '03020005'],
    [
      'the elements of a SET OF in order (§11.6)',
      () => setOf([Uint8Array.of(5, 0), Uint8Array.of(1, 1, 0)], compareBytes),
      '31050101000500',
    ],
    [
      'nothing for what has its default value (§11.5)',
      () => sequence(booleanDefaultFalse(false), optional(undefined, integer)),
      '3000',
    ],
    ['an explicit tag around an element', () => explicit(3, nullValue), 'a3020500'],
    ['an OCTET STRING around an encoding', () => octetStringOf(integer(1)), '0403020101'],
  ])('writes %s', (_, make, expected) => {
    expect(hex(make())).toBe(expected)
  })

  it.each([
    ['a negative integer', () => integer(-1)],
    ['an integer above 2^53 - 1', () => integer(2 ** 53)],
    ['a fraction', () => integer(0.5)],
    ['a bit below 0', () => namedBits([-1])],
    ['an IA5String with a character outside ASCII', () => ia5String('é')],
  ])('throws a RangeError for %s', (_, write) => {
    expect(write).toThrow(RangeError)
  })

  it('grows as far as it needs, and keeps what it has written', () => {
    const big = Uint8Array.from({ length: 5000 }, (_, i) => i)
    const reader = new DerReader(encode(sequence(integer(7), octetString(big), integer(9)))).sequence()
    expect([reader.smallInteger(), reader.octetString(), reader.smallInteger()]).toEqual([7, big, 9])
  })
})

/** The writer that `encode` has used. */
const writerOf = (encoder: Encoder): DerWriter => {
  let used: DerWriter | undefined
  encode((out) => {
    used = out
    encoder(out)
  })
  return used ?? expect.unreachable()
}

describe('the spare writer', () => {
  const secret = Uint8Array.of(0x73, 0x65, 0x63)
  it('holds no trace of what was written, also where the encoder throws', () => {
    const writer = writerOf(octetString(secret))
    expect(writer.length).toBe(0)
    expect(new Uint8Array(writer.view().buffer).every((octet) => octet === 0)).toBe(true)
    const failing = (out: DerWriter): void => {
      out.bytes(secret)
      throw new Error('no more')
    }
    expect(() => writerOf(failing)).toThrow('no more')
    expect(new Uint8Array(writer.view().buffer).every((octet) => octet === 0)).toBe(true)
  })

  it('is taken again, by one at a time, and left where it has grown beyond 64 KiB', () => {
    const writer = writerOf(nullValue)
    expect(writerOf(nullValue)).toBe(writer)
    let inner: DerWriter | undefined
    const outer = writerOf(() => {
      inner = writerOf(nullValue)
    })
    expect(inner).not.toBe(outer)
    const grown = writerOf(octetString(new Uint8Array(70_000)))
    expect(writerOf(nullValue)).not.toBe(grown)
  })

  it('grows before what is written, and keeps the room behind it', () => {
    const writer = new DerWriter(4, 8)
    writer.bytes(new Uint8Array(5).fill(1))
    writer.append(new Uint8Array(8).fill(2))
    expect(hexEncode(writer.finish())).toBe('01'.repeat(5) + '02'.repeat(8))
    expect(() => writer.append(Uint8Array.of(3))).toThrow(RangeError)
  })
})

type Value =
  | { readonly kind: 'integer'; readonly value: number }
  | { readonly kind: 'octets'; readonly value: Uint8Array }
  | { readonly kind: 'bits'; readonly value: Uint8Array }
  | { readonly kind: 'named'; readonly value: ReadonlySet<number> }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'oid'; readonly value: string }
  | { readonly kind: 'time'; readonly value: Date }
  | { readonly kind: 'list'; readonly value: readonly Value[] }

const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.record({ kind: fc.constant('integer' as const), value: fc.nat() }),
    fc.record({ kind: fc.constant('octets' as const), value: fc.uint8Array({ maxLength: 300 }) }),
    fc.record({ kind: fc.constant('bits' as const), value: fc.uint8Array({ maxLength: 20 }) }),
    fc.record({
      kind: fc.constant('named' as const),
      value: fc.uniqueArray(fc.nat({ max: 20 })).map((bits) => new Set(bits)),
    }),
    fc.record({ kind: fc.constant('boolean' as const), value: fc.boolean() }),
    fc.record({ kind: fc.constant('text' as const), value: fc.string({ unit: 'grapheme' }) }),
    fc.record({
      kind: fc.constant('oid' as const),
      value: fc.constantFrom('2.5.4.3', '1.3.101.112', '2.999.7'),
    }),
    fc.record({
      kind: fc.constant('time' as const),
      value: fc.integer({ min: 0, max: 7e9 }).map((seconds) => new Date(seconds * 1000)),
    }),
    fc.record({ kind: fc.constant('list' as const), value: fc.array(tie('value'), { maxLength: 4 }) }),
  ),
})).value

function encoderOf(v: Value): Encoder {
  switch (v.kind) {
    case 'integer':
      return integer(v.value)
    case 'octets':
      return octetString(v.value)
    case 'bits':
      return bitString(v.value)
    case 'named':
      return namedBits(v.value, 0x83)
    case 'boolean':
      return boolean(v.value)
    case 'text':
      return utf8String(v.value)
    case 'oid':
      return objectIdentifier(v.value)
    case 'time':
      return time(v.value)
    case 'list':
      return constructed(0x30, ...v.value.map(encoderOf))
  }
}

function readAs(reader: DerReader, shape: Value): unknown {
  switch (shape.kind) {
    case 'integer':
      return reader.smallInteger()
    case 'octets':
      return reader.octetString()
    case 'bits':
      return reader.octetAlignedBitString()
    case 'named':
      return reader.namedBits(64, 0x83)
    case 'boolean':
      return reader.boolean()
    case 'text':
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(reader.read(0x0c))
    case 'oid':
      return reader.objectIdentifier()
    case 'time':
      return reader.time()
    case 'list': {
      const list = reader.sequence()
      const items = shape.value.map((item) => readAs(list, item))
      list.finish()
      return items
    }
  }
}

const plain = (v: Value): unknown => (v.kind === 'list' ? v.value.map(plain) : v.value)

function readWhole(der: Uint8Array, shape: Value): unknown {
  const reader = new DerReader(der)
  const result = readAs(reader, shape)
  reader.finish()
  return result
}

const refused = expect.objectContaining({ code: expect.stringMatching(/^(invalid_der|der_limit_exceeded)$/) })

describe('what is written', () => {
  it('is read as it was', () => {
    fc.assert(
      fc.property(value, (v) => {
        expect(readWhole(encode(encoderOf(v)), v)).toEqual(plain(v))
      }),
    )
  })

  it('is well-formed DER to one who does not know what it is', () => {
    fc.assert(
      fc.property(value, (v) => {
        const der = encode(encoderOf(v))
        expect(new DerReader(der).readAny()).toEqual(der)
      }),
    )
  })

  it('is refused where any number of octets is missing at its end', () => {
    fc.assert(
      fc.property(value, fc.nat(), (v, cut) => {
        const der = encode(encoderOf(v))
        expect(() => readWhole(der.subarray(0, cut % der.length), v)).toThrow(refused)
      }),
    )
  })

  it('is refused with any octet behind it', () => {
    fc.assert(
      fc.property(value, fc.nat({ max: 255 }), (v, octet) => {
        const der = encode(encoderOf(v))
        expect(() => readWhole(Uint8Array.from([...der, octet]), v)).toThrow(refused)
      }),
    )
  })

  it('is refused where its length is written longer than it need be (X.690 §10.1)', () => {
    fc.assert(
      fc.property(value, (v) => {
        const der = encode(encoderOf(v))
        const [tag = 0, first = 0] = der
        const longer =
          first < 0x80 ? [tag, 0x81, first, ...der.subarray(2)] : [tag, first + 1, 0, ...der.subarray(2)]
        expect(() => readWhole(Uint8Array.from(longer), v)).toThrow(refused)
      }),
    )
  })
})
