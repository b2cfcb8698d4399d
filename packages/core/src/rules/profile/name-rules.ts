import { parseIpAddress } from '../../x509/ip-address.js'
import { nameRefused } from './name-refusal.js'

/*
 * What names a profile gives out. Two lists for each kind: a name on a deny list is refused; where there is a
 * permit list, a name that is not on it is refused too. A pattern is written as the names themselves are:
 *
 *   dns, uri  `db.example.org`, that host; `*.example.org`, every name below, at any depth, and not itself
 *   email     `alice@example.org`, that mailbox; a pattern of dns, every mailbox at such a host
 *   ip        `10.0.0.0/8`, a range; `192.0.2.1`, one address
 *
 * A wildcard name stands for many: it is denied where one of them is, and permitted only where all are.
 */

/** Patterns of each kind. An empty list counts: an empty permit list refuses every name of its kind. */
export interface NameRuleSet {
  readonly dns?: readonly string[] | undefined
  readonly ip?: readonly string[] | undefined
  readonly email?: readonly string[] | undefined
  /** Matched with the host. A URI without a host is on no list. */
  readonly uri?: readonly string[] | undefined
}

export interface NameRules {
  readonly permit?: NameRuleSet | undefined
  readonly deny?: NameRuleSet | undefined
}

/** A name as its parser left it. */
export type CheckedName =
  | { readonly kind: 'dns' | 'email'; readonly text: string }
  | { readonly kind: 'uri'; readonly text: string; readonly host: string | undefined }
  | { readonly kind: 'ip'; readonly text: string; readonly address: Uint8Array }

/** @throws {PkiError} `name_refused`; its rule is the pattern that denied, or all that would have permitted */
export function checkNameRules(rules: NameRules, name: CheckedName): void {
  const denied = rules.deny?.[name.kind]?.find((pattern) => matches(pattern, name, 'any'))
  if (denied !== undefined) throw nameRefused(name.kind, name.text, denied, `is denied by rule "${denied}"`)
  const permitted = rules.permit?.[name.kind]
  if (permitted === undefined || permitted.some((pattern) => matches(pattern, name, 'all'))) return
  const rule = permitted.join(', ')
  const state =
    permitted.length === 0
      ? 'is of a kind of which the profile permits none'
      : `is not permitted by ${permitted.length === 1 ? 'rule' : 'any of the rules'} "${rule}"`
  throw nameRefused(name.kind, name.text, rule, state)
}

/** @param quantifier whether one of the names for which a wildcard stands must match, or all of them */
function matches(pattern: string, name: CheckedName, quantifier: 'any' | 'all'): boolean {
  switch (name.kind) {
    case 'dns':
      return matchesHost(pattern, name.text, quantifier)
    case 'uri':
      return name.host !== undefined && matchesHost(pattern, name.host, quantifier)
    case 'email': {
      const at = name.text.lastIndexOf('@')
      if (!pattern.includes('@')) return matchesHost(pattern, name.text.slice(at + 1), quantifier)
      // Most hosts fold the case of the local part, and a deny list must hold at those.
      return pattern.toLowerCase() === name.text.toLowerCase()
    }
    case 'ip':
      return isWithin(name.address, pattern)
  }
}

function matchesHost(pattern: string, host: string, quantifier: 'any' | 'all'): boolean {
  const wanted = pattern.toLowerCase()
  if (wanted.startsWith('*.')) return host.endsWith(wanted.slice(1))
  if (host === wanted) return true
  return quantifier === 'any' && host.startsWith('*.') && host.slice(1) === wanted.slice(wanted.indexOf('.'))
}

function isWithin(address: Uint8Array, pattern: string): boolean {
  const range = parseRange(pattern)
  if (range === undefined || range.address.length !== address.length) return false
  return address.every(
    (octet, i) => ((octet ^ (range.address[i] as number)) & maskOctet(range.prefix, i)) === 0,
  )
}

/**
 * `10.0.0.0/8`, or an address alone.
 *
 * @returns `undefined`: neither, or bits are set behind the prefix (`10.0.0.1/8` is a typing error for one of
 *   two things)
 */
export function parseRange(text: string): { address: Uint8Array; prefix: number } | undefined {
  const [addressText = '', prefixText, more] = text.split('/')
  const address = parseIpAddress(addressText)
  if (address === undefined || more !== undefined) return undefined
  if (prefixText !== undefined && !/^(0|[1-9][0-9]{0,2})$/.test(prefixText)) return undefined
  const prefix = prefixText === undefined ? address.length * 8 : Number(prefixText)
  if (prefix > address.length * 8) return undefined
  const isClean = address.every((octet, i) => (octet & ~maskOctet(prefix, i) & 0xff) === 0)
  return isClean ? { address, prefix } : undefined
}

/** Octet `i` of a mask with `prefix` leading ones. */
const maskOctet = (prefix: number, i: number): number =>
  0xff & (0xff00 >> Math.min(8, Math.max(0, prefix - 8 * i)))
