import type { LintRule } from '../lint-rule.js'

/**
 * "The validity period for a certificate is the period of time from notBefore through notAfter, inclusive."
 */
export const validityOrder: LintRule = {
  name: 'validity-order',
  level: 'error',
  clause: 'RFC 5280 §4.1.2.5',
  check: ({ tbs }) => (tbs.notBefore <= tbs.notAfter ? undefined : 'notAfter lies before notBefore'),
}
