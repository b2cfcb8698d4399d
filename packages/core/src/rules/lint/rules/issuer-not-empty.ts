import type { LintRule } from '../lint-rule.js'

/**
 * "The issuer field MUST contain a non-empty distinguished name (DN)."
 */
export const issuerNotEmpty: LintRule = {
  name: 'issuer-not-empty',
  level: 'error',
  clause: 'RFC 5280 §4.1.2.4',
  check: ({ tbs }) => (tbs.issuer.rdns.length > 0 ? undefined : 'the issuer is empty'),
}
