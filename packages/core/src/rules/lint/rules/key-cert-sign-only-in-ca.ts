import { findExtension } from '../../../x509/extension.js'
import { keyUsage } from '../../../x509/extensions/key-usage.js'
import type { LintRule } from '../lint-rule.js'
import { isCa } from '../tbs-facts.js'

/**
 * "If the cA boolean is not asserted, then the keyCertSign bit in the key usage extension MUST NOT be
 * asserted."
 */
export const keyCertSignOnlyInCa: LintRule = {
  name: 'key-cert-sign-only-in-ca',
  level: 'error',
  clause: 'RFC 5280 §4.2.1.9',
  check: ({ tbs }) =>
    !isCa(tbs) && findExtension(tbs.extensions, keyUsage)?.includes('keyCertSign')
      ? 'keyUsage has keyCertSign and the certificate is no CA'
      : undefined,
}
