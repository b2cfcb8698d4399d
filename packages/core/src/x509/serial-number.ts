import type { DerReader } from '../asn1/der-reader.js'
import { type Encoder, primitive, unsignedInteger } from '../asn1/der-writer.js'
import { Tag } from '../asn1/tags.js'
import { hexDecode, hexEncode } from '../encoding/hex.js'
import { PkiError } from '../errors/pki-error.js'

/**
 * A certificate's serial number: the integer in lowercase hex, whole octets, without leading zero octets; `'00'` for
 * zero and a `-` in front of a negative one. One integer has one text, so `===` compares.
 *
 * What Certwright issues is positive and has at most 20 octets (RFC 5280 §4.1.2.2: `isConformingSerialNumber`). The same
 * clause asks relying parties to live with the others, which some CAs have issued: they are read and written back
 * unchanged, sign included, and so can be looked up in a CRL.
 */
export type SerialNumber = string & { readonly [serialNumberBrand]: true }
declare const serialNumberBrand: unique symbol

/** RFC 5280 §4.1.2.2: no serial number longer than 20 octets, sign octet included. */
const maximumOctets = 20

/** Fewest octets of randomness that leave 64 bits from a CSPRNG (CA/Browser Forum Baseline Requirements §7.1). */
const minimumRandomOctets = 9

/**
 * Parse what a person or a client wrote: hex of either case, leading zeros allowed.
 *
 * @throws {PkiError} `invalid_encoding`: no hex digits, or an odd number; `invalid_structure`: zero, or more than 20 octets
 */
export function parseSerialNumber(text: string): SerialNumber {
  const serial = hexEncode(withoutLeadingZeros(hexDecode(text))) as SerialNumber
  if (isConformingSerialNumber(serial)) return serial
  throw new PkiError(
    'invalid_structure',
    `Cannot read serial number: "${text.slice(0, 80)}" is not a positive integer of at most ${maximumOctets} octets`,
    { structure: 'CertificateSerialNumber' },
  )
}

/** RFC 5280 §4.1.2.2: positive, and at most 20 octets as an INTEGER. */
export function isConformingSerialNumber(serial: SerialNumber): boolean {
  if (serial.startsWith('-') || serial === '00' || serial === '') return false
  const signOctets = serial >= '8' ? 1 : 0
  return serial.length / 2 + signOctets <= maximumOctets
}

/**
 * A serial number from a CSPRNG. The two highest bits become 01, so that every number made from n octets is positive and
 * has exactly n octets; the other 8n - 2 bits stay as they are: 70 bits from 9 octets, 158 from 20.
 *
 * @param random 9 to 20 octets, used once
 */
export function serialNumberFromRandom(random: Uint8Array): SerialNumber {
  if (random.length < minimumRandomOctets || random.length > maximumOctets) {
    throw new RangeError(
      `serialNumberFromRandom: expected ${minimumRandomOctets} to ${maximumOctets} octets, got ${random.length}`,
    )
  }
  const magnitude = Uint8Array.from(random)
  magnitude[0] = ((magnitude[0] as number) & 0x3f) | 0x40
  return hexEncode(magnitude) as SerialNumber
}

/** @param tag where the INTEGER is IMPLICIT under another one */
export function serialNumber(value: SerialNumber, tag: number = Tag.integer): Encoder {
  if (!value.startsWith('-')) return unsignedInteger(hexDecode(value), tag)
  const content = negated(hexDecode(value.slice(1)))
  // A negative number starts with a set bit, and only with as many set bits as tell its sign.
  return primitive(tag, (content[0] as number) < 0x80 ? Uint8Array.of(0xff, ...content) : content)
}

/** Reads any INTEGER: see `SerialNumber` for those that RFC 5280 does not allow. */
export const readSerialNumber = (reader: DerReader): SerialNumber => serialNumberOf(reader.integerBytes())

/** @param content content octets of an INTEGER, minimal two's complement */
export function serialNumberOf(content: Uint8Array): SerialNumber {
  const isNegative = (content[0] as number) >= 0x80
  const magnitude = withoutLeadingZeros(isNegative ? negated(content) : content)
  return `${isNegative ? '-' : ''}${hexEncode(magnitude)}` as SerialNumber
}

/** All zeros become one zero octet. */
function withoutLeadingZeros(bytes: Uint8Array): Uint8Array {
  let first = 0
  while (first < bytes.length - 1 && bytes[first] === 0) first++
  return bytes.subarray(first)
}

/** Two's complement: invert and add one, in the same number of octets. */
function negated(bytes: Uint8Array): Uint8Array {
  const result = new Uint8Array(bytes.length)
  let carry = 1
  for (let i = bytes.length - 1; i >= 0; i--) {
    const sum = (~(bytes[i] as number) & 0xff) + carry
    result[i] = sum & 0xff
    carry = sum >> 8
  }
  return result
}
