import { equalBytes } from '../../../encoding/bytes.js'
import { formatName } from '../../../x509/name.js'
import type { LintRule } from '../lint-rule.js'

/**
 * "If the subject is a CA […] the subject field MUST be populated with a non-empty distinguished name
 * matching the contents of the issuer field […] in all certificates issued by the subject CA."
 *
 * Asked byte for byte: §7.1 would let spelling and case differ, and many clients compare bytes.
 */
export const issuerMatches: LintRule = {
  name: 'issuer-matches',
  level: 'error',
  clause: 'RFC 5280 §4.1.2.6',
  check({ tbs, issuer }) {
    const { subject } = issuer ?? tbs
    if (equalBytes(tbs.issuer.der, subject.der)) return undefined
    return `the issuer is "${formatName(tbs.issuer)}" where the issuing CA is "${formatName(subject)}"`
  },
}
