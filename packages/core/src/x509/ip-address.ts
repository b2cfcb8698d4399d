/*
 * IP addresses as text and as octets. One address has one text here (RFC 5952) and the text of an address is read
 * strictly, since resolvers disagree on the rest: `010.1` is 8.0.0.1 for some and 10.0.0.1 for others.
 */

const octetPattern = /^(0|[1-9][0-9]{0,2})$/
const groupPattern = /^[0-9a-fA-F]{1,4}$/

/**
 * IPv4 as four decimal numbers without leading zeros; IPv6 as in RFC 4291 §2.2, embedded IPv4 included. No zone, no
 * brackets, no prefix length.
 *
 * @returns 4 or 16 octets; `undefined`: the text is no such address
 */
export function parseIpAddress(text: string): Uint8Array | undefined {
  return text.includes(':') ? parseV6(text) : parseV4(text)
}

function parseV4(text: string): Uint8Array | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => octetPattern.test(part) && Number(part) <= 255))
    return undefined
  return Uint8Array.from(parts, Number)
}

function parseV6(text: string): Uint8Array | undefined {
  // The longest form has 45 characters: six groups and an IPv4 address.
  if (text.length > 45) return undefined
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head, tail] = halves.map((half, i) => parseGroups(half, i === halves.length - 1))
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined
  const missing = 16 - head.length - (tail?.length ?? 0)
  // `::` stands for at least one group (RFC 4291 §2.2: "one or more groups of 16 bits of zeros").
  if (tail === undefined ? missing !== 0 : missing < 2) return undefined
  return Uint8Array.from([...head, ...Array<number>(missing).fill(0), ...(tail ?? [])])
}

/** The octets of groups between colons; at the end of an address the last may be dotted IPv4. */
function parseGroups(text: string, atEnd: boolean): number[] | undefined {
  if (text === '') return []
  const groups = text.split(':')
  const octets: number[] = []
  for (const [i, group] of groups.entries()) {
    if (groupPattern.test(group)) {
      const value = Number.parseInt(group, 16)
      octets.push(value >> 8, value & 0xff)
    } else {
      const v4 = atEnd && i === groups.length - 1 ? parseV4(group) : undefined
      if (v4 === undefined) return undefined
      octets.push(...v4)
    }
  }
  return octets
}

/**
 * The canonical text (RFC 5952). 8 or 32 octets are address and mask of a name constraint: `10.0.0.0/8`.
 *
 * @throws {RangeError} any other length
 */
export function formatIpAddress(bytes: Uint8Array): string {
  switch (bytes.length) {
    case 4:
      return bytes.join('.')
    case 16:
      return formatV6(bytes)
    case 8:
    case 32:
      return formatRange(bytes.subarray(0, bytes.length / 2), bytes.subarray(bytes.length / 2))
    default:
      throw new RangeError(`formatIpAddress: expected 4, 8, 16 or 32 octets, got ${bytes.length}`)
  }
}

function formatRange(address: Uint8Array, mask: Uint8Array): string {
  const length = prefixLength(mask)
  return `${formatIpAddress(address)}/${length === undefined ? formatIpAddress(mask) : length}`
}

/** The number of leading ones; `undefined`: ones follow behind a zero. */
export function prefixLength(mask: Uint8Array): number | undefined {
  const bits = Array.from(mask, (octet) => octet.toString(2).padStart(8, '0')).join('')
  return /^1*0*$/.test(bits) ? bits.lastIndexOf('1') + 1 : undefined
}

function formatV6(bytes: Uint8Array): string {
  const groups = Array.from(
    { length: 8 },
    (_, i) => ((bytes[2 * i] as number) << 8) | (bytes[2 * i + 1] as number),
  )
  // RFC 5952 §5: an IPv4-mapped address shows its IPv4 address.
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return `::ffff:${bytes.subarray(12).join('.')}`
  }
  const { start, length } = longestZeroRun(groups)
  if (length < 2) return formatGroups(groups)
  return `${formatGroups(groups.slice(0, start))}::${formatGroups(groups.slice(start + length))}`
}

const formatGroups = (groups: readonly number[]): string =>
  groups.map((group) => group.toString(16)).join(':')

/** RFC 5952 §4.2: the longest run is shortened, the first of equal ones, and a single group never. */
function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let longest = { start: 0, length: 0 }
  let start = 0
  for (const [i, group] of groups.entries()) {
    if (group !== 0) start = i + 1
    else if (i + 1 - start > longest.length) longest = { start, length: i + 1 - start }
  }
  return longest
}
