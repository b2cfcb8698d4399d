import { hexEncode } from './hex.js'

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
  const milliseconds = time.getTime().toString(16).padStart(12, '0')
  const hex = hexEncode(random)
  const variant = (8 | (Number.parseInt(hex.charAt(4), 16) & 3)).toString(16)
  return `${milliseconds.slice(0, 8)}-${milliseconds.slice(8)}-7${hex.slice(1, 4)}-${variant}${hex.slice(5, 8)}-${hex.slice(8)}`
}
