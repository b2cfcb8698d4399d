import * as fc from 'fast-check'
import { countNodes, type DerNode, readTree, replaceNode, writeTree } from './der-tree.js'

type NodeChange = (node: DerNode, octet: number) => readonly DerNode[]

/** Each leaves every length right, so that a reader gets as far as what was changed. */
const nodeChanges: readonly NodeChange[] = [
  () => [],
  (node) => [node, node],
  (node, octet) => [{ ...node, tag: primitiveLike(node, octet) }],
  (node) => [{ tag: 0x30, content: new Uint8Array(), children: [node] }],
  (node, octet) => [{ ...node, content: flipped(node.content, octet) }],
  (node) => [{ ...node, content: new Uint8Array(), children: [] }],
]

/** Another number, the same class and form: a primitive tag for children would not be well-formed. */
const primitiveLike = ({ tag }: DerNode, octet: number): number =>
  (tag & 0xe0) | (((tag & 0x1f) + 1 + (octet % 28)) % 0x1f)

function flipped(content: Uint8Array, octet: number): Uint8Array {
  if (content.length === 0) return content
  const changed = Uint8Array.from(content)
  const at = octet % content.length
  changed[at] = (changed[at] as number) ^ (1 << (octet % 8))
  return changed
}

/**
 * DER that differs from this in one element: left out, doubled, with another tag, wrapped, emptied, or with a bit changed.
 * It stays a sequence of elements with right and shortest lengths. Shrinks towards a change of the first element.
 *
 * @throws {RangeError} this is no DER
 */
export function wellFormedMutation(der: Uint8Array): fc.Arbitrary<Uint8Array> {
  const tree = readTree(der)
  return fc
    .tuple(fc.nat(countNodes(tree) - 1), fc.constantFrom(...nodeChanges), fc.nat(255))
    .map(([number, change, octet]) => writeTree(replaceNode(tree, number, (node) => change(node, octet))))
    .filter((mutated) => Buffer.compare(mutated, der) !== 0)
}

type OctetChange = (der: Uint8Array, at: number) => Uint8Array

/** Each breaks the frame of the outermost element. */
const frameChanges: readonly OctetChange[] = [
  // Cut off: 1 octet at least, and not all.
  (der, at) => der.slice(0, 1 + (at % (der.length - 1))),
  // Behind the end.
  (der, at) => Uint8Array.from([...der, at % 256]),
  // A length of one octet more than needed (X.690 §10.1).
  (der) => Uint8Array.from([der[0] as number, 0x84, ...longLength(der), ...contentOf(der)]),
  // An indefinite length (X.690 §8.1.3.6).
  (der) => Uint8Array.from([der[0] as number, 0x80, ...contentOf(der), 0, 0]),
]

function contentOf(der: Uint8Array): Uint8Array {
  const first = der[1] as number
  return der.subarray(first < 0x80 ? 2 : 2 + (first & 0x7f))
}

function longLength(der: Uint8Array): readonly number[] {
  const { length } = contentOf(der)
  return [0, (length >>> 16) & 0xff, (length >>> 8) & 0xff, length & 0xff]
}

/**
 * Octets that are no DER any more: cut off, with something behind the end, or with a length in a form that only BER has.
 * Whoever takes them does not read DER.
 *
 * @param der one element of less than 2^24 octets
 */
export const malformedMutation = (der: Uint8Array): fc.Arbitrary<Uint8Array> =>
  fc.tuple(fc.constantFrom(...frameChanges), fc.nat(2 ** 16)).map(([change, at]) => change(der, at))
