import type { Random } from '@certwright/core'
import type { Ports } from './ports.js'

/**
 * A generator that was copied with its state, as when a virtual machine is resumed twice: the n-th request gets the
 * bytes of the one before it. Serial numbers and ids come again; whoever takes them must be refused.
 *
 * @param n from 2, among requests of one length
 */
export function repeatedRandom<P extends Ports & { readonly random: Random }>(ports: P, n: number): P {
  const given = new Map<number, Uint8Array[]>()
  const bytes = (length: number): Uint8Array => {
    const before = given.get(length) ?? []
    const repeated = before.length + 1 === n ? before.at(-1) : undefined
    const octets = repeated ?? ports.random.bytes(length)
    given.set(length, [...before, octets])
    return Uint8Array.from(octets)
  }
  return { ...ports, random: { bytes } }
}
