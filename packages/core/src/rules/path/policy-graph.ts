/*
 * Certificate policies (RFC 5280 §6.1), by the graph of RFC 9618.
 *
 * The tree of RFC 5280 has a node for every way to a policy, and certificates that map a few policies onto each other
 * make it grow by a factor at each level: a dozen kilobytes take a verifier's memory (CVE-2023-0464). In the graph a
 * policy has one node at each level, with an edge to each node above that expects it, and the result is the same.
 */

export const anyPolicy = '2.5.29.32.0'

interface Node {
  readonly validPolicy: string
  /** What the next certificate must say for this node to have a child. */
  expected: ReadonlySet<string>
  readonly parents: readonly Node[]
}

/** One level: by valid policy. */
type Level = Map<string, Node>

export interface MappedPolicy {
  readonly issuerDomainPolicy: string
  readonly subjectDomainPolicy: string
}

export class PolicyGraph {
  /** Of the last certificate; empty: the graph is NULL. */
  #level: Level

  constructor() {
    this.#level = new Map([
      [anyPolicy, { validPolicy: anyPolicy, expected: new Set([anyPolicy]), parents: [] }],
    ])
  }

  get isNull(): boolean {
    return this.#level.size === 0
  }

  /** §6.1.3 (e): the certificate has no policies. */
  setNull(): void {
    this.#level = new Map()
  }

  /**
   * §6.1.3 (d).
   *
   * @param policies OIDs of certificatePolicies
   * @param allowsAny whether anyPolicy counts here: inhibit_anyPolicy, or self-issued and not the last
   */
  add(policies: readonly string[], allowsAny: boolean): void {
    const above = this.#level
    const expecting = nodesByExpected(above)
    const level: Level = new Map()
    const anyAbove = above.get(anyPolicy)
    const add = (validPolicy: string, parents: readonly Node[]): void => {
      level.set(validPolicy, { validPolicy, expected: new Set([validPolicy]), parents })
    }
    for (const policy of policies) {
      if (policy === anyPolicy) continue
      const parents = expecting.get(policy) ?? (anyAbove === undefined ? [] : [anyAbove])
      if (parents.length > 0) add(policy, parents)
    }
    if (allowsAny && policies.includes(anyPolicy)) {
      for (const [policy, parents] of expecting) if (!level.has(policy)) add(policy, parents)
    }
    this.#level = level
  }

  /** §6.1.4 (b), with policy mapping allowed or (b)(2) forbidden. Mappings of anyPolicy are refused before. */
  map(mappings: readonly MappedPolicy[], isAllowed: boolean): void {
    const subjects = new Map<string, Set<string>>()
    for (const { issuerDomainPolicy, subjectDomainPolicy } of mappings) {
      const known = subjects.get(issuerDomainPolicy)
      if (known) known.add(subjectDomainPolicy)
      else subjects.set(issuerDomainPolicy, new Set([subjectDomainPolicy]))
    }
    const anyHere = this.#level.get(anyPolicy)
    for (const [policy, expected] of subjects) {
      const node = this.#level.get(policy)
      if (!isAllowed) this.#level.delete(policy)
      else if (node) node.expected = expected
      else if (anyHere) this.#level.set(policy, { validPolicy: policy, expected, parents: anyHere.parents })
    }
  }

  /**
   * §6.1.5 (g): the user-constrained-policy-set.
   *
   * @param initial `undefined` is any-policy
   */
  constrainedPolicies(initial: ReadonlySet<string> | undefined): ReadonlySet<string> {
    const found = new Set<string>()
    const reached = new Set<Node>(this.#level.values())
    if (this.#level.has(anyPolicy)) addAll(found, initial ?? [anyPolicy])
    for (const node of reached) {
      for (const parent of node.parents) reached.add(parent)
      const isOfAnchor = node.parents.some(({ validPolicy }) => validPolicy === anyPolicy)
      if (!isOfAnchor || node.validPolicy === anyPolicy) continue
      if (initial === undefined || initial.has(anyPolicy) || initial.has(node.validPolicy)) {
        found.add(node.validPolicy)
      }
    }
    return found
  }
}

function nodesByExpected(level: Level): Map<string, Node[]> {
  const expecting = new Map<string, Node[]>()
  for (const node of level.values()) {
    for (const policy of node.expected) {
      const nodes = expecting.get(policy)
      if (nodes) nodes.push(node)
      else expecting.set(policy, [node])
    }
  }
  return expecting
}

function addAll(set: Set<string>, values: Iterable<string>): void {
  for (const value of values) set.add(value)
}
