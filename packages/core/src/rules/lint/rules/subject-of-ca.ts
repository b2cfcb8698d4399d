import type { LintRule } from '../lint-rule.js'
import { isCa } from '../tbs-facts.js'

/**
 * "If the subject is a CA (e.g., the basic constraints extension […] is present and the value of cA is TRUE),
 * then the subject field MUST be populated with a non-empty distinguished name."
 */
export const subjectOfCa: LintRule = {
  name: 'subject-of-ca',
  level: 'error',
  clause: 'RFC 5280 §4.1.2.6',
  check: ({ tbs }) => (isCa(tbs) && tbs.subject.rdns.length === 0 ? 'a CA has no subject' : undefined),
}
