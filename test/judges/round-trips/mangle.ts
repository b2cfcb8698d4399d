import { knownExtensions } from '@certwright/core'
import { decodeOid } from '../../../packages/core/src/asn1/oid.js'
import { Tag } from '../../../packages/core/src/asn1/tags.js'

/*
 * DER taken apart, and put together again with one fault. All lengths around the fault are made right, so that the
 * fault itself has to be seen.
 */

/** Where an element stands, and what stands around it, the innermost last. */
export interface Element {
  readonly start: number
  readonly contentStart: number
  readonly end: number
  readonly around: readonly Element[]
  /** Where its content is elements, as far as the decoders look: constructed, or the value of a known extension. */
  readonly children: readonly Element[] | undefined
}

/** The elements of `der`, outer ones first. */
export function elementsOf(der: Uint8Array): readonly Element[] {
  const list: Element[] = []
  readElements(der, 0, der.length, [], list)
  return list
}

function readElements(
  der: Uint8Array,
  start: number,
  end: number,
  around: readonly Element[],
  list: Element[],
): readonly Element[] {
  const siblings: Element[] = []
  for (let offset = start; offset < end; ) {
    const { contentStart, length } = readHeader(der, offset)
    const children: Element[] = []
    const isTakenApart = ((der[offset] as number) & 0x20) !== 0 || isKnownValue(der, offset, siblings)
    const element = {
      start: offset,
      contentStart,
      end: contentStart + length,
      around,
      children: isTakenApart ? children : undefined,
    }
    list.push(element)
    siblings.push(element)
    if (isTakenApart) {
      children.push(...readElements(der, contentStart, element.end, [...around, element], list))
    }
    offset = element.end
  }
  return siblings
}

/** RFC 6960 §4.2.1: id-pkix-ocsp-basic, in front of an OCTET STRING that is a BasicOCSPResponse. */
const idPkixOcspBasic = '1.3.6.1.5.5.7.48.1.1'

/** An OCTET STRING behind the OID of an extension whose type is known, or of the basic response. */
function isKnownValue(der: Uint8Array, offset: number, siblings: readonly Element[]): boolean {
  const [first] = siblings
  if (der[offset] !== Tag.octetString || !first || der[first.start] !== Tag.objectIdentifier) return false
  const oid = decodeOid(der.subarray(first.contentStart, first.end))
  return oid === idPkixOcspBasic || knownExtensions.has(oid)
}

function readHeader(der: Uint8Array, offset: number): { contentStart: number; length: number } {
  const first = der[offset + 1] as number
  if (first < 0x80) return { contentStart: offset + 2, length: first }
  const contentStart = offset + 2 + (first & 0x7f)
  const length = der.subarray(offset + 2, contentStart).reduce((sum, octet) => sum * 256 + octet, 0)
  return { contentStart, length }
}

/** One octet more than is needed for the length. */
export function lengthenLength(der: Uint8Array, element: Element): Uint8Array {
  const content = der.subarray(element.contentStart, element.end)
  const minimal = lengthOctets(content.length)
  const longer =
    minimal.length === 1 ? [0x81, ...minimal] : [(minimal[0] as number) + 1, 0, ...minimal.slice(1)]
  return replace(der, element, Uint8Array.of(der[element.start] as number, ...longer, ...content))
}

/** `content` in place of what the element has. */
export const withContent = (der: Uint8Array, element: Element, content: Uint8Array): Uint8Array =>
  replace(der, element, elementOf(der[element.start] as number, content))

function replace(der: Uint8Array, element: Element, bytes: Uint8Array): Uint8Array {
  let inner: Element = element
  let made = bytes
  for (const outer of [...element.around].reverse()) {
    const content = Uint8Array.of(
      ...der.subarray(outer.contentStart, inner.start),
      ...made,
      ...der.subarray(inner.end, outer.end),
    )
    made = elementOf(der[outer.start] as number, content)
    inner = outer
  }
  return made
}

const elementOf = (tag: number, content: Uint8Array): Uint8Array =>
  Uint8Array.of(tag, ...lengthOctets(content.length), ...content)

function lengthOctets(length: number): readonly number[] {
  if (length < 0x80) return [length]
  const octets: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256)
  return [0x80 | octets.length, ...octets]
}
