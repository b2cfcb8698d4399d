import { keyPurposes } from '../../../x509/key-purposes.js'
import type { LintRule } from '../lint-rule.js'
import { alternativeNamesOf, purposesOf } from '../tbs-facts.js'

/**
 * "The Common Name RDN MUST NOT be used to identify a service": a server without a DNS name or IP address
 * among its subject alternative names is accepted by nobody.
 */
export const serverHasAltName: LintRule = {
  name: 'server-has-alt-name',
  level: 'warning',
  clause: 'RFC 9525 §2',
  check({ tbs }) {
    const purposes = purposesOf(tbs)
    // A certificate for both sides may be a client's, which needs no host.
    if (!purposes.includes(keyPurposes.serverAuth) || purposes.includes(keyPurposes.clientAuth))
      return undefined
    const hasHost = alternativeNamesOf(tbs).some(({ type }) => type === 'dns' || type === 'ip')
    return hasHost ? undefined : 'a server has no DNS name or IP address among its subject alternative names'
  },
}
