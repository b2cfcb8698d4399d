import { hexEncode } from '../../encoding/hex.js'
import type { GeneralName } from '../../x509/general-name.js'
import { leadingKey, type Name } from '../../x509/name.js'
import { fold, readMailbox, uriHost } from './constrained-names.js'

/*
 * Is a name in one of these subtrees? Both lists are as long as their author likes, so names are not held against
 * subtrees one by one: each name is looked up by the few keys that a subtree with it in would have.
 */

/** For a wildcard: whether one of the names that it stands for must be in a subtree, or all of them. */
export type Quantifier = 'any' | 'all'

/** Subtrees of one form of names. name-constraints.ts says what the rules are and why. */
export interface SubtreeSet {
  has(name: GeneralName, quantifier: Quantifier): boolean
}

/** @param bases of one form, each of which can be read (constrained-names.ts) */
export function subtreeSet(form: GeneralName['type'], bases: readonly GeneralName[]): SubtreeSet {
  const texts = bases.flatMap((base) => ('value' in base ? [base.value] : []))
  switch (form) {
    case 'dns':
      return dnsSubtrees(texts)
    case 'uri': {
      const hosts = hostSet(texts)
      return { has: (name) => name.type === 'uri' && hosts(fold(uriHost(name.value) ?? '')) }
    }
    case 'email':
      return mailboxSubtrees(texts)
    case 'ip':
      return addressRanges(bases.flatMap((base) => (base.type === 'ip' ? [base.address] : [])))
    case 'directoryName':
      return directorySubtrees(bases.flatMap((base) => (base.type === 'directoryName' ? [base.name] : [])))
    default:
      return { has: () => false }
  }
}

/** "Any DNS name that can be constructed by simply adding zero or more labels to the left-hand side." */
function dnsSubtrees(bases: readonly string[]): SubtreeSet {
  const { exact, below } = splitHosts(bases)
  const isBelow = (name: string): boolean =>
    exact.has('') || exact.has(name) || parentsOf(name).some((one) => exact.has(one) || below.has(one))
  const siblings = new Set([...exact].flatMap((base) => parentsOf(base).slice(0, 1)))
  return {
    has(name, quantifier) {
      if (name.type !== 'dns') return false
      const host = fold(name.value)
      if (isBelow(host)) return true
      // A wildcard stands for one label: a subtree with one more than the domain behind it has one of its names.
      return quantifier === 'any' && host.startsWith('*.') && siblings.has(host.slice(2))
    },
  }
}

/** A host, or with a dot in front all hosts below it and not itself: for URI and e-mail constraints. */
function hostSet(bases: readonly string[]): (host: string) => boolean {
  const { exact, below } = splitHosts(bases)
  return (host) => exact.has('') || exact.has(host) || parentsOf(host).some((one) => below.has(one))
}

/** The bases by their form, with and without a dot in front; it is left out. */
function splitHosts(bases: readonly string[]): { exact: ReadonlySet<string>; below: ReadonlySet<string> } {
  const folded = bases.map(fold)
  return {
    exact: new Set(folded.filter((base) => !base.startsWith('.'))),
    below: new Set(folded.filter((base) => base.startsWith('.')).map((base) => base.slice(1))),
  }
}

/** `b.example.org` and so on of `a.b.example.org`, the nearest first. A host that can be read has at most 126. */
function parentsOf(host: string): readonly string[] {
  const parents: string[] = []
  for (let dot = host.indexOf('.'); dot !== -1; dot = host.indexOf('.', dot + 1)) {
    parents.push(host.slice(dot + 1))
  }
  return parents
}

function mailboxSubtrees(bases: readonly string[]): SubtreeSet {
  const hosts = hostSet(bases.filter((base) => !base.includes('@')))
  const mailboxes = bases.filter((base) => base.includes('@')).flatMap((base) => readMailbox(base) ?? [])
  const asWritten = new Set(mailboxes.map(({ local, host }) => `${local}@${host}`))
  const folded = new Set(mailboxes.map(({ local, host }) => `${fold(local)}@${host}`))
  return {
    has(name, quantifier) {
      const mailbox = name.type === 'email' ? readMailbox(name.value) : undefined
      if (mailbox === undefined) return false
      const { local, host } = mailbox
      if (hosts(host)) return true
      return quantifier === 'any' ? folded.has(`${fold(local)}@${host}`) : asWritten.has(`${local}@${host}`)
    },
  }
}

/** @param ranges address and mask each; the parser has seen to it that masks are prefixes, so there are few */
function addressRanges(ranges: readonly Uint8Array[]): SubtreeSet {
  const byMask = new Map<string, { readonly mask: Uint8Array; readonly networks: Set<string> }>()
  for (const range of ranges) {
    const [address, mask] = [range.subarray(0, range.length / 2), range.subarray(range.length / 2)]
    const known = byMask.get(hexEncode(mask)) ?? { mask, networks: new Set<string>() }
    known.networks.add(networkKey(address, mask))
    byMask.set(hexEncode(mask), known)
  }
  return {
    has(name) {
      if (name.type !== 'ip') return false
      const { address } = name
      return [...byMask.values()].some(
        ({ mask, networks }) => mask.length === address.length && networks.has(networkKey(address, mask)),
      )
    },
  }
}

const networkKey = (address: Uint8Array, mask: Uint8Array): string =>
  hexEncode(address.map((octet, i) => octet & (mask[i] as number)))

/** A name is in the subtree of each name that it begins with. */
function directorySubtrees(bases: readonly Name[]): SubtreeSet {
  const keys = new Set(bases.map((base) => leadingKey(base, base.rdns.length)))
  const lengths = [...new Set(bases.map(({ rdns }) => rdns.length))]
  return {
    has(name) {
      if (name.type !== 'directoryName') return false
      const { rdns } = name.name
      return lengths.some((length) => length <= rdns.length && keys.has(leadingKey(name.name, length)))
    },
  }
}
