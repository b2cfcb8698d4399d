import { createHash } from 'node:crypto'
import { type Encoder, primitive, Tag } from '@certwright/core/der'

/** A serial number: a number, of either sign, or the content octets of the INTEGER, whatever they are. */
export type SerialSpec = number | bigint | Uint8Array

export const serialField = (spec: SerialSpec): Encoder => primitive(Tag.integer, serialOctets(spec))

/** Content octets: two's complement, as few as there can be. */
export function serialOctets(spec: SerialSpec): Uint8Array {
  if (spec instanceof Uint8Array) return spec
  let rest = BigInt(spec)
  const octets: number[] = []
  do {
    octets.unshift(Number(rest & 0xffn))
    rest >>= 8n
  } while (rest !== 0n && rest !== -1n)
  const isNegative = BigInt(spec) < 0n
  if (isNegative !== (octets[0] as number) >= 0x80) octets.unshift(isNegative ? 0xff : 0)
  return Uint8Array.from(octets)
}

/** A serial number that depends on what it is for and on nothing else: 16 octets, positive. */
export function serialOf(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  const octets = new Uint8Array(hash.digest().subarray(0, 16))
  octets[0] = ((octets[0] as number) & 0x3f) | 0x40
  return octets
}
