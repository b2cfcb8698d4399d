import { authorityInfoAccess } from '../../../x509/extensions/authority-info-access.js'
import { authorityKeyIdentifier } from '../../../x509/extensions/authority-key-identifier.js'
import { freshestCRL } from '../../../x509/extensions/freshest-crl.js'
import { noRevAvail } from '../../../x509/extensions/no-rev-avail.js'
import { subjectInfoAccess } from '../../../x509/extensions/subject-info-access.js'
import { subjectKeyIdentifier } from '../../../x509/extensions/subject-key-identifier.js'
import type { LintRule } from '../lint-rule.js'
import { extensionName } from '../tbs-facts.js'

/**
 * "Conforming CAs MUST mark this extension as non-critical": those that only help, and that a client may do
 * without.
 */
export const mustNotBeCritical: LintRule = {
  name: 'must-not-be-critical',
  level: 'error',
  clause: 'RFC 5280 §4.2.1.1, §4.2.1.2, §4.2.1.15, §4.2.2.1, §4.2.2.2, RFC 9608 §2',
  check({ tbs }) {
    const wrong = tbs.extensions.find(({ oid, critical }) => critical && helping.has(oid))
    return wrong && `${extensionName(wrong.oid)} is critical`
  },
}

const helping: ReadonlySet<string> = new Set([
  authorityKeyIdentifier.oid,
  subjectKeyIdentifier.oid,
  freshestCRL.oid,
  authorityInfoAccess.oid,
  subjectInfoAccess.oid,
  noRevAvail.oid,
])
