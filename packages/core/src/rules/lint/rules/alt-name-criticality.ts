import { subjectAltName } from '../../../x509/extensions/subject-alt-name.js'
import type { LintRule } from '../lint-rule.js'
import { extensionOf } from '../tbs-facts.js'

/**
 * "When including the subjectAltName extension in a certificate that has a non-empty subject distinguished
 * name, conforming CAs SHOULD mark the subjectAltName extension as non-critical."
 */
export const altNameCriticality: LintRule = {
  name: 'alt-name-criticality',
  level: 'warning',
  clause: 'RFC 5280 §4.2.1.6',
  check: ({ tbs }) =>
    tbs.subject.rdns.length > 0 && extensionOf(tbs, subjectAltName)?.critical
      ? 'subjectAltName is critical beside a subject'
      : undefined,
}
