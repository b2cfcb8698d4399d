import { findExtension } from '../../../x509/extension.js'
import { keyUsage } from '../../../x509/extensions/key-usage.js'
import type { LintRule } from '../lint-rule.js'
import { isCa } from '../tbs-facts.js'

/**
 * "Conforming CAs MUST include this extension in certificates that contain public keys that are used to
 * validate digital signatures on other public key certificates or CRLs", and for those keyCertSign is
 * asserted.
 */
export const keyUsageOfCa: LintRule = {
  name: 'key-usage-of-ca',
  level: 'error',
  clause: 'RFC 5280 §4.2.1.3, §4.2.1.9',
  check: ({ tbs }) =>
    isCa(tbs) && !findExtension(tbs.extensions, keyUsage)?.includes('keyCertSign')
      ? 'a CA has no keyUsage with keyCertSign'
      : undefined,
}
