import { PkiError } from '../errors/pki-error.js'
import { invalidDer } from './der-error.js'

/** Longest object identifier that is read or written, in content octets: those of PKIX have up to 11. */
const maximumOctets = 64

/** Largest arc: below 2.25 stand UUIDs, 128 bits (X.667 §6.3), with which anybody may name a policy or a purpose. */
const maximumArc = 2n ** 128n - 1n

/** Up to here an arc is read as a number, which is exact and fast; nearly all are. */
const maximumNumber = Number.MAX_SAFE_INTEGER

/** Content octets → dotted decimal, remembered: a certificate names the same twenty over and over. */
const remembered = new Map<string, string>()
const rememberedLimit = 512

/**
 * @param offset where the element starts, for the error
 * @throws {PkiError} `invalid_der`: empty, truncated, an arc not minimal or too large, too long (X.690 §8.19)
 */
export function decodeOid(content: Uint8Array, offset = 0): string {
  let key = ''
  for (let i = 0; i < content.length && i <= maximumOctets; i++)
    key += String.fromCharCode(content[i] as number)
  const known = remembered.get(key)
  if (known !== undefined) return known
  const oid = decodeArcs(content, offset)
  if (remembered.size < rememberedLimit) remembered.set(key, oid)
  return oid
}

function decodeArcs(content: Uint8Array, offset: number): string {
  if (content.length === 0) throw invalidDer(offset, 'an OBJECT IDENTIFIER is empty')
  if (content.length > maximumOctets)
    throw invalidDer(offset, `an OBJECT IDENTIFIER has more than ${maximumOctets} octets`)
  if ((content[content.length - 1] as number) >= 0x80)
    throw invalidDer(offset, 'an OBJECT IDENTIFIER is truncated')
  const arcs: (number | bigint)[] = []
  let arc: number | bigint = 0
  let atStart = true
  for (const octet of content) {
    if (atStart && octet === 0x80) throw invalidDer(offset, 'an arc of an OBJECT IDENTIFIER is not minimal')
    atStart = (octet & 0x80) === 0
    arc = appendDigit(arc, octet & 0x7f)
    if (arc > maximumArc) throw invalidDer(offset, 'an arc of an OBJECT IDENTIFIER is too large')
    if (!atStart) continue
    if (arcs.length === 0) arcs.push(...firstTwo(arc))
    else arcs.push(arc)
    arc = 0
  }
  return arcs.join('.')
}

const appendDigit = (arc: number | bigint, digit: number): number | bigint =>
  arc <= (maximumNumber - 127) / 128 ? Number(arc) * 128 + digit : BigInt(arc) * 128n + BigInt(digit)

/** X.690 §8.19.4: the first two arcs share a number, 40 times the first plus the second. */
function firstTwo(arc: number | bigint): [number, number | bigint] {
  if (typeof arc === 'bigint') return [2, arc - 80n]
  const root = arc < 80 ? Math.floor(arc / 40) : 2
  return [root, arc - root * 40]
}

/**
 * @param oid dotted decimal
 * @returns content octets
 * @throws {PkiError} `invalid_structure`: no dotted decimal, or outside the arcs that X.660 allows
 */
export function encodeOid(oid: string): Uint8Array {
  // Longer than any that is written: the pattern and the arcs are not looked at.
  if (oid.length > 4 * maximumOctets || !/^[0-2](\.(0|[1-9][0-9]*))+$/.test(oid)) throw unwritable(oid)
  const [root = 0n, second = 0n, ...rest] = oid.split('.').map(BigInt)
  const first = root * 40n + second
  const isValid = (root === 2n || second < 40n) && [first, ...rest].every((arc) => arc <= maximumArc)
  if (!isValid) throw unwritable(oid)
  const octets = [first, ...rest].flatMap(base128)
  if (octets.length > maximumOctets) throw unwritable(oid)
  return Uint8Array.from(octets)
}

function base128(arc: bigint): number[] {
  const digits = [Number(arc & 0x7fn)]
  for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) digits.unshift(Number(rest & 0x7fn) | 0x80)
  return digits
}

function unwritable(oid: string): PkiError<'invalid_structure'> {
  return new PkiError(
    'invalid_structure',
    `Cannot write object identifier "${oid.slice(0, 80)}": it is not valid`,
    {
      structure: 'ObjectIdentifier',
    },
  )
}
