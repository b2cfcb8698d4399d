import { subjectAltName } from '../../../x509/extensions/subject-alt-name.js'
import type { LintRule } from '../lint-rule.js'
import { extensionOf } from '../tbs-facts.js'

/**
 * "If subject naming information is present only in the subjectAltName extension […], then the subject name
 * MUST be an empty sequence and the subjectAltName extension MUST be critical."
 */
export const subjectOrAltName: LintRule = {
  name: 'subject-or-alt-name',
  level: 'error',
  clause: 'RFC 5280 §4.1.2.6, §4.2.1.6',
  check({ tbs }) {
    if (tbs.subject.rdns.length > 0) return undefined
    const extension = extensionOf(tbs, subjectAltName)
    if (extension === undefined) return 'there is neither a subject nor a subjectAltName'
    return extension.critical ? undefined : 'the subject is empty and subjectAltName is not critical'
  },
}
