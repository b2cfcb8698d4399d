import { basicConstraints } from '../../../x509/extensions/basic-constraints.js'
import type { LintRule } from '../lint-rule.js'
import { extensionOf, isCa } from '../tbs-facts.js'

/**
 * "Conforming CAs MUST include this extension in all CA certificates that contain public keys used to
 * validate digital signatures on certificates and MUST mark the extension as critical in such certificates."
 */
export const basicConstraintsOfCa: LintRule = {
  name: 'basic-constraints-of-ca',
  level: 'error',
  clause: 'RFC 5280 §4.2.1.9',
  check: ({ tbs }) =>
    isCa(tbs) && !extensionOf(tbs, basicConstraints)?.critical
      ? 'basicConstraints of a CA is not critical'
      : undefined,
}
