import type { LintRule } from '../lint-rule.js'
import { alternativeNamesOf } from '../tbs-facts.js'

/**
 * "The name MUST be in the 'preferred name syntax'": letters, digits, hyphens. A `*` is allowed as the whole
 * leftmost label (RFC 9525 §6.3), and a last label of digits is not, as it makes an IP address.
 */
export const dnsNameSyntax: LintRule = {
  name: 'dns-name-syntax',
  level: 'error',
  clause: 'RFC 5280 §4.2.1.6, RFC 1034 §3.5, RFC 1123 §2.1',
  check({ tbs }) {
    for (const name of alternativeNamesOf(tbs)) {
      if (name.type === 'dns' && !isDnsName(name.value)) return `${JSON.stringify(name.value)} is no DNS name`
    }
    return undefined
  },
}

const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const pattern = new RegExp(`^(?:\\*\\.${label}\\.)?(?:${label}\\.)*${label}$`)

const isDnsName = (text: string): boolean =>
  text.length <= 253 && pattern.test(text) && !/(^|\.)[0-9]+$/.test(text)
