import { hasCode } from '../../errors/pki-error.js'
import { parseDnsName } from './dns-name.js'
import { nameRefused } from './name-refusal.js'

/** RFC 5321 §4.5.3.1: a path has at most 256 octets, its angle brackets included; the local part at most 64. */
const maximumLength = 254
const maximumLocalLength = 64

/** Dot-string of RFC 5321 §4.1.2. Its other form, the quoted string, has characters that break every list. */
const localPattern = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i

/**
 * A Mailbox of RFC 5321 §4.1.2 (RFC 5280 §4.2.1.6), with its domain in lowercase; the local part keeps its
 * case (§7.5: it may matter to its host).
 *
 * @throws {PkiError} `name_refused`
 */
export function parseEmailAddress(text: string): string {
  const refuse = (rule: string, state: string) => nameRefused('email', text, rule, state)
  const at = text.lastIndexOf('@')
  const local = text.slice(0, Math.max(0, at))
  const domain = text.slice(at + 1)
  if (at < 1 || domain === '') throw refuse('syntax', 'is not of the form local@domain')
  if (text.length > maximumLength || local.length > maximumLocalLength) {
    throw refuse(
      'length',
      `is longer than ${maximumLength} octets, or its local part than ${maximumLocalLength}`,
    )
  }
  if (/[^\0-\x7f]/.test(local)) {
    // They would be an otherName, SmtpUTF8Mailbox of RFC 9598, which is not issued.
    throw refuse('ascii', 'has a local part with letters outside ASCII, which is not supported')
  }
  if (!localPattern.test(local))
    throw refuse('local_part', 'has a local part that is not letters, digits and dots')
  if (domain.startsWith('[')) throw refuse('domain', 'has an address in place of a domain')
  if (domain.startsWith('*')) throw refuse('domain', 'has a wildcard domain')
  return `${local}@${parseDomain(domain, refuse)}`
}

function parseDomain(domain: string, refuse: (rule: string, state: string) => Error): string {
  try {
    return parseDnsName(domain)
  } catch (error) {
    if (!hasCode(error, 'name_refused')) throw error
    throw refuse('domain', `has a domain that is not valid (${error.message.replace(/^.*?: /, '')})`)
  }
}
