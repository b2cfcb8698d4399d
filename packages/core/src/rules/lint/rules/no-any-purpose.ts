import { keyPurposes } from '../../../x509/key-purposes.js'
import type { LintRule } from '../lint-rule.js'
import { isCa, purposesOf } from '../tbs-facts.js'

/**
 * anyExtendedKeyUsage undoes every restriction beside it. It has a place in CA certificates alone.
 */
export const noAnyPurpose: LintRule = {
  name: 'no-any-purpose',
  level: 'error',
  clause: 'RFC 5280 §4.2.1.12, CA/B BR §7.1.2.7.10',
  check: ({ tbs }) =>
    !isCa(tbs) && purposesOf(tbs).includes(keyPurposes.anyExtendedKeyUsage)
      ? 'an end entity has anyExtendedKeyUsage'
      : undefined,
}
