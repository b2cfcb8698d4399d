import type { GeneralSubtree } from '../../x509/extensions/name-constraints.js'
import type { GeneralName } from '../../x509/general-name.js'
import { isNameWithin } from '../../x509/name.js'

/*
 * One name against one subtree, form by form. name-constraints.ts says what the rules are and why.
 */

export function keyedByForm(
  subtrees: readonly GeneralSubtree[],
): ReadonlyMap<GeneralName['type'], GeneralSubtree[]> {
  const byForm = new Map<GeneralName['type'], GeneralSubtree[]>()
  for (const subtree of subtrees) {
    const list = byForm.get(subtree.base.type)
    if (list) list.push(subtree)
    else byForm.set(subtree.base.type, [subtree])
  }
  return byForm
}

/**
 * @param quantifier for a wildcard: whether one of the names that it stands for must be in the subtree, or
 *   all of them
 */
export function matchesSubtree(name: GeneralName, base: GeneralName, quantifier: 'any' | 'all'): boolean {
  if (name.type === 'dns' && base.type === 'dns')
    return matchesDns(fold(name.value), fold(base.value), quantifier)
  if (name.type === 'ip' && base.type === 'ip') return matchesIp(name.address, base.address)
  if (name.type === 'email' && base.type === 'email') return matchesEmail(name.value, base.value, quantifier)
  if (name.type === 'uri' && base.type === 'uri')
    return matchesHost(fold(uriHost(name.value) ?? ''), fold(base.value))
  if (name.type === 'directoryName' && base.type === 'directoryName')
    return isNameWithin(name.name, base.name)
  return false
}

/** "Any DNS name that can be constructed by simply adding zero or more labels to the left-hand side." */
function matchesDns(name: string, base: string, quantifier: 'any' | 'all'): boolean {
  if (base === '' || name === base) return true
  if (name.endsWith(base.startsWith('.') ? base : `.${base}`)) return true
  // The only label that a wildcard stands for is the one that the base has and the name has not.
  if (quantifier === 'all' || !name.startsWith('*.') || base.startsWith('.')) return false
  return base.slice(base.indexOf('.')) === name.slice(1)
}

/** A host, or with a dot in front all hosts below it and not itself: for URI and e-mail constraints. */
const matchesHost = (host: string, base: string): boolean =>
  base === '' || (base.startsWith('.') ? host.endsWith(base) : host === base)

function matchesEmail(address: string, base: string, quantifier: 'any' | 'all'): boolean {
  const name = splitMailbox(address)
  if (!base.includes('@')) return matchesHost(fold(name.host), fold(base))
  const wanted = splitMailbox(base)
  if (fold(name.host) !== fold(wanted.host)) return false
  return quantifier === 'any' ? fold(name.local) === fold(wanted.local) : name.local === wanted.local
}

/** @param range address and mask, twice as long as an address of its version */
function matchesIp(address: Uint8Array, range: Uint8Array): boolean {
  const { length } = address
  if (range.length !== 2 * length) return false
  return address.every((octet, i) => ((octet ^ (range[i] as number)) & (range[length + i] as number)) === 0)
}

/** Host names as they are found, underscores included, but never an empty label, which would move a suffix. */
const hostPattern = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/

/** Dot-string or its looser form; not the quoted string, which has many spellings of one mailbox. */
const localPattern = /^[a-z0-9!#$%&'*+/=?^_`{|}~.-]+$/

/** @returns why the name cannot be held against a subtree of its form; `undefined`: it can */
export function unreadableName(name: GeneralName): string | undefined {
  switch (name.type) {
    case 'dns':
      return hostPattern.test(fold(name.value).replace(/^\*\./, '')) ? undefined : 'is no DNS name'
    case 'email': {
      const { local, host } = splitMailbox(name.value)
      return localPattern.test(fold(local)) && hostPattern.test(fold(host))
        ? undefined
        : 'is no plain mailbox'
    }
    case 'uri': {
      const host = uriHost(name.value)
      if (host === undefined || !hostPattern.test(fold(host))) return 'names no host'
      return /(^|\.)[0-9]+$/.test(host) ? 'has an IP address for a host' : undefined
    }
    case 'ip':
    case 'directoryName':
      return undefined
    default:
      return 'is of a form that is not compared'
  }
}

/** @returns why the base of a subtree cannot be used, as "which …"; `undefined`: it can */
export function unreadableBase(base: GeneralName): string | undefined {
  switch (base.type) {
    case 'dns':
    case 'uri':
      return isHostBase(base.value) ? undefined : 'is no host'
    case 'email': {
      if (!base.value.includes('@')) return isHostBase(base.value) ? undefined : 'is no host'
      const { local, host } = splitMailbox(base.value)
      return localPattern.test(fold(local)) && hostPattern.test(fold(host))
        ? undefined
        : 'is no plain mailbox'
    }
    case 'ip':
    case 'directoryName':
      return undefined
    default:
      return 'is of a form that is not compared'
  }
}

const isHostBase = (text: string): boolean => text === '' || hostPattern.test(fold(text).replace(/^\./, ''))

function splitMailbox(text: string): { local: string; host: string } {
  const at = text.lastIndexOf('@')
  return { local: text.slice(0, Math.max(0, at)), host: text.slice(at + 1) }
}

/**
 * The host of a URI with an authority (RFC 3986 §3.2). Every character of the authority is examined: a
 * backslash, say, would let two readers find two hosts.
 */
function uriHost(text: string): string | undefined {
  const match =
    /^[a-z][a-z0-9+.-]*:\/\/(?:[a-z0-9\-._~!$&'()*+,;=:%]*@)?([a-z0-9\-._]+)(?::[0-9]*)?(?:[/?#]|$)/i.exec(
      text,
    )
  return match?.[1]
}

/** ASCII is all that these forms have. */
const fold = (text: string): string => text.toLowerCase()
