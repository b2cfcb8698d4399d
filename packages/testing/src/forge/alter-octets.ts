/* What happens to octets on the way: each makes a function for `alterTbs`, `alterSignature` and `alterDer`. */

type Alteration = (octets: Uint8Array) => Uint8Array

/** @param bit from 0, the highest of the first octet; a negative one counts from the end */
export const flipBit =
  (bit: number): Alteration =>
  (octets) => {
    const changed = Uint8Array.from(octets)
    const place = bit < 0 ? 8 * octets.length + bit : bit
    changed[place >> 3] = (changed[place >> 3] as number) ^ (0x80 >> (place & 7))
    return changed
  }

/** Without the last octets; lengths in front say still what they said. */
export const truncate =
  (count: number): Alteration =>
  (octets) =>
    octets.slice(0, Math.max(0, octets.length - count))

/** Octets behind the last. */
export const append =
  (...behind: readonly number[]): Alteration =>
  (octets) =>
    Uint8Array.from([...octets, ...behind])

/**
 * The first place where `from` stands gets `to`, of the same length: lengths in front stay right.
 *
 * @throws {RangeError} it stands nowhere, or the lengths differ
 */
export const replaceOctets =
  (from: Uint8Array, to: Uint8Array): Alteration =>
  (octets) => {
    const at = Buffer.from(octets).indexOf(from)
    if (at < 0 || from.length !== to.length) {
      throw new RangeError('replaceOctets: expected octets that are there, and as many in their place')
    }
    const changed = Uint8Array.from(octets)
    changed.set(to, at)
    return changed
  }
