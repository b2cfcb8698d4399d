import { utf8Decode } from './bytes.js'
import { writeOctet } from './hex.js'

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** True for the text form of RFC 9562 §4, in either case, of any version. */
export const isUuid = (text: string): boolean => uuidForm.test(text)

/**
 * A UUID of version 7 (RFC 9562 §5.7): sorted by time, so that an index by id grows at its end.
 *
 * @param random 10 octets, of which 74 bits are used
 */
export function uuidFrom(time: Date, random: Uint8Array): string {
  if (random.length !== 10) throw new RangeError(`uuidFrom: expected 10 random octets, got ${random.length}`)
  const octets = new Uint8Array(16)
  const view = new DataView(octets.buffer)
  const milliseconds = time.getTime()
  view.setUint16(0, milliseconds / 2 ** 32)
  view.setUint32(2, milliseconds)
  octets.set(random, 6)
  view.setUint8(6, 0x70 | (view.getUint8(6) & 0x0f)) // version
  view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f)) // variant
  return textOf(octets)
}

/** Octets behind a hyphen (RFC 9562 §4). */
const groupStarts: readonly number[] = [4, 6, 8, 10]
const hyphen = 0x2d

function textOf(octets: Uint8Array): string {
  const text = new Uint8Array(36).fill(hyphen)
  let offset = 0
  for (let i = 0; i < octets.length; i++) {
    if (groupStarts.includes(i)) offset++
    writeOctet(octets[i] as number, text, offset)
    offset += 2
  }
  return utf8Decode(text)
}
