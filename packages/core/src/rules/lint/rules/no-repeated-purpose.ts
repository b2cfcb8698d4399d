import type { LintRule } from '../lint-rule.js'
import { firstRepeated, purposesOf } from '../tbs-facts.js'

/**
 * `ExtKeyUsageSyntax` lists purposes; the same one twice is a fault of whoever wrote the list.
 */
export const noRepeatedPurpose: LintRule = {
  name: 'no-repeated-purpose',
  level: 'error',
  clause: 'RFC 5280 §4.2.1.12',
  check({ tbs }) {
    const repeated = firstRepeated(purposesOf(tbs))
    return repeated && `extendedKeyUsage has ${repeated} twice`
  },
}
