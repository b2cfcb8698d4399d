import { knownExtensions } from '../../../x509/known-extensions.js'
import type { LintRule } from '../lint-rule.js'

/**
 * "A certificate-using system MUST reject the certificate if it encounters a critical extension it does not
 * recognize or a critical extension that contains information that it cannot process."
 */
export const noUnknownCriticalExtension: LintRule = {
  name: 'no-unknown-critical-extension',
  level: 'error',
  clause: 'RFC 5280 §4.2',
  check({ tbs }) {
    const wrong = tbs.extensions.find(({ oid, critical }) => critical && !knownExtensions.has(oid))
    return wrong && `the extension ${wrong.oid} is critical and not known`
  },
}
