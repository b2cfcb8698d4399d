import { subjectKeyIdentifier } from '../../../x509/extensions/subject-key-identifier.js'
import type { LintRule } from '../lint-rule.js'
import { extensionOf, isCa } from '../tbs-facts.js'

/**
 * "To facilitate certification path construction, this extension MUST appear in all conforming CA
 * certificates."
 */
export const subjectKeyIdentifierOfCa: LintRule = {
  name: 'subject-key-identifier-of-ca',
  level: 'error',
  clause: 'RFC 5280 §4.2.1.2',
  check: ({ tbs }) =>
    isCa(tbs) && !extensionOf(tbs, subjectKeyIdentifier) ? 'a CA has no subjectKeyIdentifier' : undefined,
}
