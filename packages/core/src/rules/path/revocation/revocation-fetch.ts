import { accessMethods } from '../../../x509/access-description.js'
import type { Certificate } from '../../../x509/certificate.js'
import type { DistributionPoint } from '../../../x509/distribution-point.js'
import { findExtension } from '../../../x509/extension.js'
import { authorityInfoAccess } from '../../../x509/extensions/authority-info-access.js'
import { cRLDistributionPoints } from '../../../x509/extensions/crl-distribution-points.js'
import { freshestCRL } from '../../../x509/extensions/freshest-crl.js'
import type { GeneralName } from '../../../x509/general-name.js'

/** What is asked for when the sources at hand do not tell. URIs are as in the certificate, of any scheme and unchecked. */
export interface RevocationFetch {
  readonly certificate: Certificate
  readonly issuer: Certificate
  /** Of CRLs (RFC 5280 §4.2.1.13): several for one distribution point are copies of one list. */
  readonly crlUris: readonly string[]
  /** Of delta CRLs (§4.2.1.15). */
  readonly deltaCrlUris: readonly string[]
  /** Of OCSP responders (§4.2.2.1). */
  readonly ocspUris: readonly string[]
}

export function revocationFetch(certificate: Certificate, issuer: Certificate): RevocationFetch {
  const { extensions } = certificate
  const access = findExtension(extensions, authorityInfoAccess) ?? []
  return {
    certificate,
    issuer,
    crlUris: urisOfPoints(findExtension(extensions, cRLDistributionPoints)),
    deltaCrlUris: urisOfPoints(findExtension(extensions, freshestCRL)),
    ocspUris: access
      .filter(({ accessMethod }) => accessMethod === accessMethods.ocsp)
      .flatMap(({ accessLocation }) => urisIn([accessLocation])),
  }
}

const urisOfPoints = (points: readonly DistributionPoint[] = []): readonly string[] =>
  points.flatMap(({ distributionPoint }) =>
    distributionPoint?.type === 'fullName' ? urisIn(distributionPoint.names) : [],
  )

const urisIn = (names: readonly GeneralName[]): readonly string[] =>
  names.flatMap((name) => (name.type === 'uri' ? [name.value] : []))
