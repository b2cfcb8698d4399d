import { findExtension } from '../../../x509/extension.js'
import { cRLDistributionPoints } from '../../../x509/extensions/crl-distribution-points.js'
import { isHttpUri } from '../http-uri.js'
import type { LintRule } from '../lint-rule.js'

/**
 * "If the DistributionPointName contains a general name of type URI, the following semantics MUST be assumed:
 * the URI is a pointer to the current CRL." Plain http: fetched over TLS, it would need the revocation of the
 * certificate that it is fetched with (RFC 5280 §8).
 */
export const distributionPointUri: LintRule = {
  name: 'distribution-point-uri',
  level: 'error',
  clause: 'RFC 5280 §4.2.1.13',
  check({ tbs }) {
    for (const { distributionPoint } of findExtension(tbs.extensions, cRLDistributionPoints) ?? []) {
      if (distributionPoint?.type !== 'fullName') return 'a CRL distribution point has no full name'
      const wrong = distributionPoint.names.find((name) => !isHttpUri(name))
      if (wrong) return 'a CRL distribution point is not an http URI'
    }
    return undefined
  },
}
