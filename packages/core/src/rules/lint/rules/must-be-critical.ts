import { inhibitAnyPolicy } from '../../../x509/extensions/inhibit-any-policy.js'
import { nameConstraints } from '../../../x509/extensions/name-constraints.js'
import { policyConstraints } from '../../../x509/extensions/policy-constraints.js'
import type { LintRule } from '../lint-rule.js'
import { extensionName } from '../tbs-facts.js'

/**
 * "Conforming CAs MUST mark this extension as critical": those that restrict must not be skipped by clients
 * that do not know them.
 */
export const mustBeCritical: LintRule = {
  name: 'must-be-critical',
  level: 'error',
  clause: 'RFC 5280 §4.2.1.10, §4.2.1.11, §4.2.1.14',
  check({ tbs }) {
    const wrong = tbs.extensions.find(({ oid, critical }) => !critical && restricting.has(oid))
    return wrong && `${extensionName(wrong.oid)} is not critical`
  },
}

const restricting: ReadonlySet<string> = new Set([
  nameConstraints.oid,
  policyConstraints.oid,
  inhibitAnyPolicy.oid,
])
