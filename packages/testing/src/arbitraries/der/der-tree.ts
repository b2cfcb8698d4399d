/** An element of DER, taken apart as far as its tags say that there are elements inside. */
export interface DerNode {
  readonly tag: number
  /** Of a primitive element; empty where there are children. */
  readonly content: Uint8Array
  readonly children: readonly DerNode[]
}

/** Deeper than any structure of X.509. */
const maximumDepth = 32

/** @throws {RangeError} these are not elements of definite length, one after the other */
export function readTree(octets: Uint8Array, depth = 0): readonly DerNode[] {
  const nodes: DerNode[] = []
  for (let at = 0; at < octets.length; ) {
    const { start, end } = headerAt(octets, at)
    const tag = octets[at] as number
    const content = octets.slice(start, end)
    const isConstructed = (tag & 0x20) !== 0 && depth < maximumDepth
    nodes.push({
      tag,
      content: isConstructed ? new Uint8Array() : content,
      children: isConstructed ? readTree(content, depth + 1) : [],
    })
    at = end
  }
  return nodes
}

function headerAt(octets: Uint8Array, at: number): { readonly start: number; readonly end: number } {
  const first = octets[at + 1] ?? 0x80
  const lengthOctets = first < 0x80 ? 0 : first & 0x7f
  const start = at + 2 + lengthOctets
  let length = lengthOctets === 0 ? first : 0
  for (let i = at + 2; i < start; i++) length = length * 256 + (octets[i] ?? 0)
  const isReadable = ((octets[at] as number) & 0x1f) !== 0x1f && first !== 0x80 && lengthOctets <= 4
  if (!isReadable || start + length > octets.length) throw new RangeError('der: expected DER')
  return { start, end: start + length }
}

export const writeTree = (nodes: readonly DerNode[]): Uint8Array => Buffer.concat(nodes.map(writeNode))

function writeNode({ tag, content, children }: DerNode): Uint8Array {
  const body = children.length === 0 ? content : writeTree(children)
  return Buffer.concat([Uint8Array.of(tag, ...lengthOctets(body.length)), body])
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length]
  const octets: number[] = []
  for (let rest = length; rest > 0; rest >>>= 8) octets.unshift(rest & 0xff)
  return [0x80 | octets.length, ...octets]
}

/** How many elements there are, all depths together. */
export const countNodes = (nodes: readonly DerNode[]): number =>
  nodes.reduce((sum, { children }) => sum + 1 + countNodes(children), 0)

/**
 * The same tree with other elements in the place of one.
 *
 * @param number of the element, from 0, each before its children
 */
export function replaceNode(
  nodes: readonly DerNode[],
  number: number,
  replace: (node: DerNode) => readonly DerNode[],
): readonly DerNode[] {
  let left = number
  return nodes.flatMap((node) => {
    if (left === 0) {
      left = -1
      return replace(node)
    }
    if (left < 0) return [node]
    const size = countNodes([node])
    const inside = left - 1
    left = left < size ? -1 : left - size
    return left === -1 ? [{ ...node, children: replaceNode(node.children, inside, replace) }] : [node]
  })
}
