import { createHash } from 'node:crypto'

/**
 * Octets that a seed tells: the same on every machine, and unrelated for seeds that differ. SHAKE-256 is the expansion,
 * so that a longer request begins with the shorter one.
 */
export const seededOctets = (seed: string, length: number): Uint8Array =>
  new Uint8Array(createHash('shake256', { outputLength: length }).update(seed).digest())

/** An endless stream of them. */
export function seededStream(seed: string): (length: number) => Uint8Array {
  let number = 0
  return (length) => seededOctets(`${seed}/${number++}`, length)
}

export const bigintOf = (octets: Uint8Array): bigint =>
  octets.length === 0 ? 0n : BigInt(`0x${Buffer.from(octets).toString('hex')}`)

/** Big-endian, exactly `length` octets. */
export const octetsOf = (value: bigint, length: number): Uint8Array =>
  new Uint8Array(Buffer.from(value.toString(16).padStart(2 * length, '0'), 'hex'))
