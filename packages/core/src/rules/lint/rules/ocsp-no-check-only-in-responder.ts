import { ocspNoCheck } from '../../../x509/extensions/ocsp-no-check.js'
import { keyPurposes } from '../../../x509/key-purposes.js'
import type { LintRule } from '../lint-rule.js'
import { extensionOf, purposesOf } from '../tbs-facts.js'

/**
 * `id-pkix-ocsp-nocheck` is for the certificate of an OCSP responder; in another one it would switch
 * revocation off.
 */
export const ocspNoCheckOnlyInResponder: LintRule = {
  name: 'ocsp-no-check-only-in-responder',
  level: 'error',
  clause: 'RFC 6960 §4.2.2.2.1',
  check: ({ tbs }) =>
    extensionOf(tbs, ocspNoCheck) && !purposesOf(tbs).includes(keyPurposes.ocspSigning)
      ? 'ocspNoCheck stands in a certificate that is not for an OCSP responder'
      : undefined,
}
