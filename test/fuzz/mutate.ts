import { concat, type Node, readNodes, writeNodes } from './der-tree.js'
import type { Random } from './random.js'

/** Longest input that is made: long enough for any structure, short enough for many executions. */
const maximumLength = 1 << 16

/**
 * Another input, near to this one. Two in three change the tree and leave every length right, so that what is behind
 * the change is still reached; the rest change octets.
 *
 * @param donor an input from which elements are taken over
 */
export function mutate(input: Uint8Array, donor: Uint8Array, random: Random): Uint8Array {
  let bytes = input
  for (let i = random.below(3); i >= 0; i--) {
    const tree = random.below(3) === 0 ? undefined : readNodes(bytes)
    bytes =
      tree === undefined || tree.length === 0 ? mutateOctets(bytes, random) : mutateTree(tree, donor, random)
  }
  return bytes.length > maximumLength ? bytes.slice(0, maximumLength) : bytes
}

type TreeMutation = (siblings: Node[], at: number, donor: Uint8Array, random: Random) => void

const contents: readonly Uint8Array[] = [[], [0], [0x7f], [0x80], [0xff], [0, 0x80], [0, 0], [0xff, 0xff]]
  .map((octets) => Uint8Array.from(octets))
  .concat([new Uint8Array(9).fill(0xff), new Uint8Array(21).fill(0x7f), new Uint8Array(300).fill(0x41)])

const node = (siblings: readonly Node[], at: number): Node => siblings[at] as Node

const treeMutations: readonly TreeMutation[] = [
  (siblings, at) => void siblings.splice(at, 1),
  (siblings, at) => void siblings.splice(at, 0, node(siblings, at)),
  (siblings, at, _, random) =>
    void siblings.splice(random.below(siblings.length), 0, ...siblings.splice(at, 1)),
  (siblings, at, _, random) => replace(siblings, at, { tag: random.below(256) }),
  (siblings, at, _, random) =>
    replace(siblings, at, { tag: node(siblings, at).tag ^ (1 << random.below(8)) }),
  (siblings, at, _, random) => replace(siblings, at, { content: random.pick(contents), children: [] }),
  (siblings, at, _, random) => {
    const { content } = node(siblings, at)
    replace(siblings, at, { content: content.length > 0 ? mutateOctets(content, random) : random.bytes(3) })
  },
  (siblings, at, donor, random) => {
    const foreign = allSiblings(readNodes(donor) ?? [])
    if (foreign.length > 0) siblings[at] = random.pick(random.pick(foreign))
  },
  (siblings, at, _, random) => {
    const wrappers = 1 + random.below(40)
    for (let i = 0; i < wrappers; i++) {
      siblings[at] = {
        tag: random.pick([0x30, 0x31, 0xa0]),
        content: new Uint8Array(),
        children: [node(siblings, at)],
      }
    }
  },
  (siblings, at, _, random) => {
    // 257 is one more extension than is read; of a large element that would be megabytes.
    const { content, children } = node(siblings, at)
    const count = random.pick(children.length <= 3 && content.length < 100 ? [2, 17, 257] : [2])
    siblings.splice(at, 0, ...Array.from({ length: count }, () => node(siblings, at)))
  },
]

function replace(siblings: Node[], at: number, change: Partial<Node>): void {
  siblings[at] = { ...node(siblings, at), ...change }
}

function mutateTree(tree: Node[], donor: Uint8Array, random: Random): Uint8Array {
  const siblings = random.pick(allSiblings(tree))
  random.pick(treeMutations)(siblings, random.below(siblings.length), donor, random)
  return writeNodes(tree)
}

/** Every list of elements that stand beside each other, none of them empty. */
function allSiblings(tree: Node[]): Node[][] {
  return tree.length === 0 ? [] : [tree, ...tree.flatMap(({ children }) => allSiblings(children))]
}

function mutateOctets(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.below(bytes.length + 1)
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)]
  switch (random.below(5)) {
    case 0:
      return before
    case 1:
      return concat([before, after.subarray(1 + random.below(8))])
    case 2:
      return concat([before, random.bytes(1 + random.below(8)), after])
    case 3:
      return concat([
        before,
        Uint8Array.of(random.pick([0x00, 0x7f, 0x80, 0x81, 0x84, 0xff])),
        after.subarray(1),
      ])
    default:
      return concat([before, Uint8Array.of((after[0] ?? 0) ^ (1 << random.below(8))), after.subarray(1)])
  }
}
