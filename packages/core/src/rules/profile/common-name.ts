import { hasCode } from '../../errors/pki-error.js'
import { parseIpAddress } from '../../x509/ip-address.js'
import { keyPurposes } from '../../x509/key-purposes.js'
import { parseDnsName } from './dns-name.js'
import { parseIpName } from './ip-name.js'
import { nameRefused } from './name-refusal.js'
import type { CheckedName } from './name-rules.js'
import type { Profile } from './profile.js'

/** ub-common-name, RFC 5280 appendix A.1. */
const maximumCharacters = 64

export interface CommonName {
  /** As it is written: a host in the very form of its subject alternative name (CA/B BR §7.1.4.3). */
  readonly text: string
  /** The name that it is, and that goes among the subject alternative names too. */
  readonly host: CheckedName | undefined
}

/**
 * A common name is free text, but software of old reads hosts from it. So one that is a DNS name or an IP
 * address also becomes a subject alternative name, where name rules and name constraints see it, if the
 * profile has names of its kind.
 *
 * What is a DNS name depends on the purpose. For servers it is every text that looks like one, `localhost`
 * too, and a text that looks like one and is not is refused. For others `alice` is a person; a DNS name has a
 * dot.
 *
 * @throws {PkiError} `name_refused`
 */
export function parseCommonName(profile: Profile, text: string): CommonName {
  const refuse = (rule: string, state: string) => nameRefused('commonName', text, rule, state)
  if (text.trim() === '') throw refuse('empty', 'is empty; leave it out instead')
  if (text !== text.trim()) throw refuse('character', 'starts or ends with white space')
  // Control characters end strings and lines; bidirectional ones make a text read as another.
  if (/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u.test(text)) {
    throw refuse('character', 'has a control character')
  }
  const length = [...text].length
  if (length > maximumCharacters) {
    const advice = 'leave it out, and ask for a long host as a subject alternative name alone'
    throw refuse(
      'length',
      `has ${length} characters where at most ${maximumCharacters} are allowed; ${advice}`,
    )
  }
  const host = hostOf(profile, text)
  return { text: host?.text ?? text, host }
}

function hostOf(profile: Profile, text: string): CheckedName | undefined {
  const isForServers = profile.extendedKeyUsage.includes(keyPurposes.serverAuth)
  const kind = parseIpAddress(text) ? 'ip' : 'dns'
  const looksLikeHost = kind === 'ip' || /^[^\s@:/]+\.[^\s@:/]+$|\*/.test(text)
  if (!profile.nameKinds.includes(kind)) {
    if (!isForServers || !looksLikeHost) return undefined
    throw nameRefused(kind, text, 'kind', `is of a kind that profile "${profile.name}" does not allow`)
  }
  if (kind === 'ip') return { kind, ...parseIpName(text) }
  if (isForServers && looksLikeHost) return { kind, text: parseDnsName(text) }
  return isForServers || text.includes('.') ? dnsNameOrNone(text) : undefined
}

function dnsNameOrNone(text: string): CheckedName | undefined {
  try {
    return { kind: 'dns', text: parseDnsName(text) }
  } catch (error) {
    if (hasCode(error, 'name_refused')) return undefined
    throw error
  }
}
