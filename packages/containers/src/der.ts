import { PkiError } from '@certwright/core'
import { type AsnType, fromBER } from 'asn1js'
import { invalidDer, unreadable } from './container-errors.js'

/*
 * The door in front of asn1js and pkijs.
 *
 * Both read BER: indefinite lengths, strings in pieces, lengths with leading zeros, bytes behind the end. A container may
 * legally be BER, but what writes one today writes DER, and what accepts every encoding accepts two files for one MAC. So
 * the bytes are walked first, and only DER of bounded size, depth and number of elements comes to the parsers.
 */

/** Longest input, in octets. A key store with a thousand certificates has about 2 MB. */
const maximumLength = 4 * 1024 * 1024

/** A certificate in a PKCS#12 has no more than 12 levels above what its octet strings hide. */
const maximumDepth = 32

/** asn1js makes an object of about 1 KB of each element; a certificate has about 60. */
const maximumElements = 200_000

/** Universal types that are constructed (X.690 §10.2): EXTERNAL, EMBEDDED PDV, SEQUENCE, SET. */
const constructedTypes: ReadonlySet<number> = new Set([8, 11, 16, 17])

/**
 * One element of DER, as asn1js sees it: on a copy, for asn1js keeps views.
 *
 * @param structure what it is taken for, in errors
 * @throws {PkiError} `invalid_der` | `der_limit_exceeded`
 */
export function parseDer(der: Uint8Array, structure: string): AsnType {
  if (der.length > maximumLength) throw limitExceeded(structure, 0, maximumLength)
  checkDer(der, structure)
  const { offset, result } = read(der, structure)
  if (offset !== der.length) throw invalidDer(structure, 0, result.error || 'it is malformed')
  return result
}

/** Of most faults asn1js tells, and a time that is none it throws. */
function read(der: Uint8Array, structure: string): ReturnType<typeof fromBER> {
  const limits = { maxDepth: maximumDepth, maxNodes: maximumElements, parseEmbedded: false }
  try {
    return fromBER(Uint8Array.from(der), limits)
  } catch {
    throw invalidDer(structure, 0, 'it is malformed')
  }
}

/**
 * An element as a structure of pkijs.
 *
 * @throws {PkiError} `invalid_structure`: it is none
 */
export function readAs<T>(
  Structure: new (parameters: { schema: AsnType }) => T,
  element: AsnType,
  structure: string,
): T {
  try {
    return new Structure({ schema: element })
  } catch {
    throw unreadable(structure, 'its elements are not those of the standard')
  }
}

export const encodeDer = (element: { toBER(sizeOnly?: boolean): ArrayBuffer }): Uint8Array<ArrayBuffer> =>
  new Uint8Array(element.toBER(false))

/** The octets of an element as they stood in the input, header included. */
export const derOf = (element: AsnType): Uint8Array => Uint8Array.from(element.valueBeforeDecodeView)

function checkDer(der: Uint8Array, structure: string): void {
  let elements = 0
  const checkElement = (start: number, end: number, depth: number): number => {
    if (depth > maximumDepth) throw limitExceeded(structure, start, maximumDepth)
    if (++elements > maximumElements) throw limitExceeded(structure, start, maximumElements)
    const tag = der[start] as number
    const isConstructed = (tag & 0x20) !== 0
    if ((tag & 0x1f) === 0x1f) throw invalidDer(structure, start, 'a tag number is above 30')
    if (tag === 0)
      throw invalidDer(structure, start, 'an end-of-contents stands where an element is expected')
    if ((tag & 0xc0) === 0 && isConstructed !== constructedTypes.has(tag & 0x1f)) {
      throw invalidDer(structure, start, `the form of type ${tag & 0x1f} is not that of DER: ${berAdvice}`)
    }
    const { contentStart, contentEnd } = readLength(der, { structure, start, end })
    let at = isConstructed ? contentStart : contentEnd
    while (at < contentEnd) at = checkElement(at, contentEnd, depth + 1)
    return contentEnd
  }
  const end = checkElement(0, der.length, 0)
  if (end < der.length) throw invalidDer(structure, end, `${der.length - end} bytes follow where it ends`)
}

const berAdvice = 'convert it from BER, for instance with "openssl"'

function readLength(
  der: Uint8Array,
  about: { readonly structure: string; readonly start: number; readonly end: number },
): { contentStart: number; contentEnd: number } {
  const { structure, start, end } = about
  let at = start + 1
  if (at >= end) throw invalidDer(structure, start, 'the input ends inside a header')
  let length = der[at++] as number
  if (length >= 0x80) {
    const octets = length & 0x7f
    if (octets === 0) throw invalidDer(structure, start, `a length is indefinite: ${berAdvice}`)
    if (octets > 4 || at + octets > end)
      throw invalidDer(structure, start, 'a length is longer than the input')
    length = 0
    for (let i = 0; i < octets; i++) length = length * 256 + (der[at++] as number)
    if (length < 0x80 || length < 256 ** (octets - 1)) {
      throw invalidDer(structure, start, `a length is not minimal: ${berAdvice}`)
    }
  }
  if (length > end - at)
    throw invalidDer(structure, start, `an element claims ${length} octets of ${end - at}`)
  return { contentStart: at, contentEnd: at + length }
}

function limitExceeded(structure: string, offset: number, limit: number): PkiError<'der_limit_exceeded'> {
  const state = `it is larger than what is read (the limit is ${limit})`
  return new PkiError('der_limit_exceeded', `Cannot read ${structure} at offset ${offset}: ${state}`, {
    offset,
    limit,
  })
}
