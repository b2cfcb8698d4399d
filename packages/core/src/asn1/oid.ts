import { PkiError } from '../errors/pki-error.js'
import { invalidDer } from './der-error.js'

/** Longest object identifier that is read or written, in content octets: those of PKIX have up to 11. */
const maximumOctets = 64

/** Largest arc. Above it a double loses precision; UUID arcs (2.25.…) are refused, nothing in X.509 uses them. */
const maximumArc = Number.MAX_SAFE_INTEGER

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
  const arcs: number[] = []
  let arc = 0
  let atStart = true
  for (const octet of content) {
    if (atStart && octet === 0x80) throw invalidDer(offset, 'an arc of an OBJECT IDENTIFIER is not minimal')
    atStart = (octet & 0x80) === 0
    if (arc > (maximumArc - 127) / 128)
      throw invalidDer(offset, 'an arc of an OBJECT IDENTIFIER is too large')
    arc = arc * 128 + (octet & 0x7f)
    if (!atStart) continue
    if (arcs.length === 0) {
      const root = arc < 80 ? Math.floor(arc / 40) : 2
      arcs.push(root, arc - root * 40)
    } else {
      arcs.push(arc)
    }
    arc = 0
  }
  return arcs.join('.')
}

/**
 * @param oid dotted decimal
 * @returns content octets
 * @throws {PkiError} `invalid_structure`: no dotted decimal, or outside the arcs that X.660 allows
 */
export function encodeOid(oid: string): Uint8Array {
  const arcs = oid.split('.').map(Number)
  const [root, second] = arcs
  const isValid =
    /^[0-2](\.(0|[1-9][0-9]*))+$/.test(oid) &&
    root !== undefined &&
    second !== undefined &&
    (root === 2 || second < 40) &&
    arcs.every((arc) => arc <= maximumArc - 80)
  if (!isValid) throw unwritable(oid)
  const octets: number[] = []
  for (const arc of [root * 40 + second, ...arcs.slice(2)]) {
    const digits = [arc % 128]
    for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128))
      digits.unshift((rest % 128) | 0x80)
    octets.push(...digits)
  }
  if (octets.length > maximumOctets) throw unwritable(oid)
  return Uint8Array.from(octets)
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
