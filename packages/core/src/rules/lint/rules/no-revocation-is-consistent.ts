import { accessMethods } from '../../../x509/access-description.js'
import type { CertificateContent } from '../../../x509/certificate.js'
import { findExtension } from '../../../x509/extension.js'
import { authorityInfoAccess } from '../../../x509/extensions/authority-info-access.js'
import { cRLDistributionPoints } from '../../../x509/extensions/crl-distribution-points.js'
import { freshestCRL } from '../../../x509/extensions/freshest-crl.js'
import { noRevAvail } from '../../../x509/extensions/no-rev-avail.js'
import type { LintRule } from '../lint-rule.js'
import { extensionOf, isCa } from '../tbs-facts.js'

/** Whoever reads `noRevAvail` asks nobody for the status: it is in no certificate of a CA, and names nobody to ask. */
export const noRevocationIsConsistent: LintRule = {
  name: 'no-revocation-is-consistent',
  level: 'error',
  clause: 'RFC 9608 §3',
  check: ({ tbs }) => (extensionOf(tbs, noRevAvail) ? contradiction(tbs) : undefined),
}

function contradiction(tbs: CertificateContent): string | undefined {
  if (isCa(tbs)) return 'noRevAvail stands in the certificate of a CA'
  if (extensionOf(tbs, cRLDistributionPoints)) return 'noRevAvail stands beside CRL distribution points'
  if (extensionOf(tbs, freshestCRL)) return 'noRevAvail stands beside the address of a delta CRL'
  const services = findExtension(tbs.extensions, authorityInfoAccess) ?? []
  const asksResponder = services.some(({ accessMethod }) => accessMethod === accessMethods.ocsp)
  return asksResponder ? 'noRevAvail stands beside the address of an OCSP responder' : undefined
}
