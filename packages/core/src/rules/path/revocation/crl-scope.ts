import type { Certificate } from '../../../x509/certificate.js'
import type { CertificateRevocationList } from '../../../x509/certificate-revocation-list.js'
import type {
  DistributionPoint,
  DistributionPointName,
  ReasonFlag,
} from '../../../x509/distribution-point.js'
import { equalBytes } from '../../../encoding/bytes.js'
import { encode } from '../../../asn1/der-writer.js'
import { findExtension } from '../../../x509/extension.js'
import { basicConstraints } from '../../../x509/extensions/basic-constraints.js'
import {
  type IssuingDistributionPoint,
  issuingDistributionPoint,
} from '../../../x509/extensions/issuing-distribution-point.js'
import { type GeneralName, generalName } from '../../../x509/general-name.js'
import { type Name, nameOf, namesMatch } from '../../../x509/name.js'

/*
 * Is this CRL about that certificate? (RFC 5280 §6.3.3 (b), (d).) A certificate may point at several lists, and a CA
 * split its list by kind of certificate, by reason or by distribution point, or have others publish it: a list that does
 * not mention a certificate means nothing unless the certificate is in its scope.
 */

export const allReasons: readonly ReasonFlag[] = [
  'keyCompromise',
  'caCompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  'privilegeWithdrawn',
  'aACompromise',
]

/** @returns why the list does not cover the certificate by this distribution point; `undefined`: it does */
export function scopeMismatch(
  crl: CertificateRevocationList,
  certificate: Certificate,
  point: DistributionPoint,
): string | undefined {
  const scope = findExtension(crl.extensions, issuingDistributionPoint)
  const issuerFault = otherIssuer(crl, certificate, point, scope)
  if (issuerFault !== undefined || scope === undefined) return issuerFault
  if (
    scope.distributionPoint !== undefined &&
    !sharesName(scope.distributionPoint, crl, certificate, point)
  ) {
    return 'is of another distribution point'
  }
  const isCa = findExtension(certificate.extensions, basicConstraints)?.isCa === true
  if (scope.onlyContainsUserCerts && isCa) return 'is about end entities only'
  if (scope.onlyContainsCACerts && !isCa) return 'is about CAs only'
  if (scope.onlyContainsAttributeCerts) return 'is about attribute certificates only'
  return undefined
}

/** (b)(1). */
function otherIssuer(
  crl: CertificateRevocationList,
  certificate: Certificate,
  point: DistributionPoint,
  scope: IssuingDistributionPoint | undefined,
): string | undefined {
  if (point.crlIssuer === undefined) {
    return namesMatch(crl.issuer, certificate.issuer) ? undefined : 'is of another issuer'
  }
  const isNamed = point.crlIssuer.some(
    (name) => name.type === 'directoryName' && namesMatch(name.name, crl.issuer),
  )
  if (!isNamed) return 'is not of the CRL issuer that the certificate names'
  return scope?.indirectCRL === true ? undefined : 'is of another issuer, and no indirect CRL'
}

/** (b)(2)(i). */
function sharesName(
  ofList: DistributionPointName,
  crl: CertificateRevocationList,
  certificate: Certificate,
  point: DistributionPoint,
): boolean {
  const published = fullNames(ofList, crl.issuer)
  const crlIssuerName = point.crlIssuer?.find((name) => name.type === 'directoryName')
  const base = crlIssuerName?.type === 'directoryName' ? crlIssuerName.name : certificate.issuer
  const wanted =
    point.distributionPoint === undefined ? (point.crlIssuer ?? []) : fullNames(point.distributionPoint, base)
  return published.some((one) => wanted.some((other) => sameName(one, other)))
}

const fullNames = (name: DistributionPointName, base: Name): readonly GeneralName[] =>
  name.type === 'fullName' ? name.names : [{ type: 'directoryName', name: nameOf([...base.rdns, name.rdn]) }]

function sameName(a: GeneralName, b: GeneralName): boolean {
  if (a.type === 'directoryName' && b.type === 'directoryName') return namesMatch(a.name, b.name)
  return a.type === b.type && equalBytes(encode(generalName(a)), encode(generalName(b)))
}

/** (d): the reasons that the list speaks of, for this distribution point. */
export function coveredReasons(
  crl: CertificateRevocationList,
  point: DistributionPoint,
): readonly ReasonFlag[] {
  const some = findExtension(crl.extensions, issuingDistributionPoint)?.onlySomeReasons ?? allReasons
  const wanted = point.reasons ?? allReasons
  return some.filter((reason) => wanted.includes(reason))
}
