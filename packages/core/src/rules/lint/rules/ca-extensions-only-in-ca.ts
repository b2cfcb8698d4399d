import { inhibitAnyPolicy } from '../../../x509/extensions/inhibit-any-policy.js'
import { nameConstraints } from '../../../x509/extensions/name-constraints.js'
import { policyConstraints } from '../../../x509/extensions/policy-constraints.js'
import { policyMappings } from '../../../x509/extensions/policy-mappings.js'
import type { LintRule } from '../lint-rule.js'
import { extensionName, isCa } from '../tbs-facts.js'

/**
 * "The name constraints extension, which MUST be used only in a CA certificate": and so must those that steer
 * policies below it.
 */
export const caExtensionsOnlyInCa: LintRule = {
  name: 'ca-extensions-only-in-ca',
  level: 'error',
  clause: 'RFC 5280 §4.2.1.5, §4.2.1.10, §4.2.1.11, §4.2.1.14',
  check({ tbs }) {
    const found = isCa(tbs) ? undefined : tbs.extensions.find(({ oid }) => ofCas.has(oid))
    return found && `${extensionName(found.oid)} stands in a certificate that is no CA`
  },
}

const ofCas: ReadonlySet<string> = new Set([
  nameConstraints.oid,
  policyMappings.oid,
  policyConstraints.oid,
  inhibitAnyPolicy.oid,
])
