import { findExtension } from '../../../x509/extension.js'
import { authorityInfoAccess } from '../../../x509/extensions/authority-info-access.js'
import { isHttpUri } from '../http-uri.js'
import type { LintRule } from '../lint-rule.js'

/**
 * "At least one instance SHOULD specify an accessLocation that is an HTTP or LDAP URI". Ours all are HTTP,
 * which every client fetches; see distribution-point-uri.ts for why not https.
 */
export const informationAccessUri: LintRule = {
  name: 'information-access-uri',
  level: 'error',
  clause: 'RFC 5280 §4.2.2.1, RFC 6960 §3.1',
  check({ tbs }) {
    const descriptions = findExtension(tbs.extensions, authorityInfoAccess) ?? []
    return descriptions.every(({ accessLocation }) => isHttpUri(accessLocation))
      ? undefined
      : 'authorityInfoAccess has a location that is not an http URI'
  },
}
