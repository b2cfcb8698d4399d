import { keyUsage } from '../../../x509/extensions/key-usage.js'
import type { LintRule } from '../lint-rule.js'
import { extensionOf } from '../tbs-facts.js'

/**
 * "When present, conforming CAs SHOULD mark this extension as critical."
 */
export const keyUsageCritical: LintRule = {
  name: 'key-usage-critical',
  level: 'warning',
  clause: 'RFC 5280 §4.2.1.3',
  check: ({ tbs }) =>
    extensionOf(tbs, keyUsage)?.critical === false ? 'keyUsage is not critical' : undefined,
}
