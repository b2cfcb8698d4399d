/** An element of DER, taken apart as far as it goes; what an OCTET or BIT STRING wraps is taken apart too. */
export interface Node {
  tag: number
  /** What stands before the children in the content: the octet of unused bits, or everything where there are none. */
  content: Uint8Array
  children: Node[]
}

/** Deep enough for anything that is real; a mutation may go deeper. */
const maximumDepth = 24

const wraps: ReadonlySet<number> = new Set([0x03, 0x04])

/** @returns the elements, or `undefined` where the bytes are no sequence of elements with definite lengths */
export function readNodes(bytes: Uint8Array, depth = 0): Node[] | undefined {
  const nodes: Node[] = []
  let offset = 0
  while (offset < bytes.length) {
    const header = readHeader(bytes, offset)
    if (header === undefined) return undefined
    const { start, end } = header
    const tag = bytes[offset] as number
    nodes.push(nodeOf(tag, bytes.subarray(start, end), depth))
    offset = end
  }
  return nodes
}

function nodeOf(tag: number, content: Uint8Array, depth: number): Node {
  const isWrapper = wraps.has(tag)
  if (depth >= maximumDepth || (!isWrapper && (tag & 0x20) === 0)) return { tag, content, children: [] }
  const prefix = tag === 0x03 ? 1 : 0
  const children = readNodes(content.subarray(prefix), depth + 1)
  if (children === undefined || children.length === 0) return { tag, content, children: [] }
  return { tag, content: content.subarray(0, prefix), children }
}

function readHeader(bytes: Uint8Array, offset: number): { start: number; end: number } | undefined {
  const first = bytes[offset + 1]
  if (first === undefined || ((bytes[offset] as number) & 0x1f) === 0x1f) return undefined
  let start = offset + 2
  let length = first
  if (first >= 0x80) {
    const octets = first & 0x7f
    if (octets === 0 || octets > 4) return undefined
    length = 0
    for (let i = 0; i < octets; i++) length = length * 256 + (bytes[start++] ?? 0)
  }
  return start + length > bytes.length ? undefined : { start, end: start + length }
}

export function writeNodes(nodes: readonly Node[]): Uint8Array {
  return concat(nodes.map(writeNode))
}

function writeNode({ tag, content, children }: Node): Uint8Array {
  const body = concat([content, ...children.map(writeNode)])
  return concat([Uint8Array.of(tag, ...lengthOctets(body.length)), body])
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length]
  const octets: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256)
  return [0x80 | octets.length, ...octets]
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}
