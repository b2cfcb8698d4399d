import { encode } from '../../../asn1/der-writer.js'
import { hexEncode } from '../../../encoding/hex.js'
import type { Certificate } from '../../../x509/certificate.js'
import type { CertificateRevocationList } from '../../../x509/certificate-revocation-list.js'
import type {
  DistributionPoint,
  DistributionPointName,
  ReasonFlag,
} from '../../../x509/distribution-point.js'
import { findExtension } from '../../../x509/extension.js'
import { basicConstraints } from '../../../x509/extensions/basic-constraints.js'
import { cRLDistributionPoints } from '../../../x509/extensions/crl-distribution-points.js'
import { issuerAltName } from '../../../x509/extensions/issuer-alt-name.js'
import {
  type IssuingDistributionPoint,
  issuingDistributionPoint,
} from '../../../x509/extensions/issuing-distribution-point.js'
import { type GeneralName, generalName } from '../../../x509/general-name.js'
import { type Name, nameKey, nameOf, namesMatch } from '../../../x509/name.js'

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

/** Distribution points of a certificate that are looked at, the first ones. Certificates in use have one or two. */
const maximumPoints = 64

/** Names of CRL issuers in one distribution point that are looked at: more than one is other names for the same. */
const maximumCrlIssuers = 16

/**
 * Where lists about a certificate are: what it says itself; and by the last paragraph of §6.3.3 the issuer, whose lists
 * count as if a distribution point had named it.
 */
export function distributionPointsOf({ issuer, extensions }: Certificate): readonly DistributionPoint[] {
  const names: GeneralName[] = [
    { type: 'directoryName', name: issuer },
    ...(findExtension(extensions, issuerAltName) ?? []),
  ]
  const implied: DistributionPoint = { distributionPoint: { type: 'fullName', names } }
  const points = findExtension(extensions, cRLDistributionPoints) ?? []
  return [...points.slice(0, maximumPoints), implied]
}

/** Who signs the lists of a distribution point (§4.2.1.13). */
export const crlIssuersOf = (point: DistributionPoint, certificate: Certificate): readonly Name[] =>
  point.crlIssuer === undefined
    ? [certificate.issuer]
    : directoryNames(point.crlIssuer).slice(0, maximumCrlIssuers)

/** @returns why the list does not cover the certificate by this distribution point; `undefined`: it does */
export function scopeMismatch(
  crl: CertificateRevocationList,
  certificate: Certificate,
  point: DistributionPoint,
): string | undefined {
  const { scope, names } = scopeOf(crl)
  // (b)(1).
  if (!crlIssuersOf(point, certificate).some((name) => namesMatch(name, crl.issuer))) {
    return 'is of another issuer'
  }
  if (point.crlIssuer !== undefined && scope?.indirectCRL !== true) {
    return 'is no indirect CRL, which the certificate asks for'
  }
  if (scope === undefined) return undefined
  // (b)(2)(i).
  if (names !== undefined && !namesOf(point, certificate).some((name) => names.has(keyOf(name)))) {
    return 'is of another distribution point'
  }
  // (b)(2)(ii) to (iv).
  const isCa = findExtension(certificate.extensions, basicConstraints)?.isCa === true
  if (scope.onlyContainsUserCerts && isCa) return 'is about end entities only'
  if (scope.onlyContainsCACerts && !isCa) return 'is about CAs only'
  return scope.onlyContainsAttributeCerts ? 'is about attribute certificates only' : undefined
}

/** (d): the reasons that the list speaks of, for this distribution point. */
export function coveredReasons(
  crl: CertificateRevocationList,
  point: DistributionPoint,
): readonly ReasonFlag[] {
  const some = scopeOf(crl).scope?.onlySomeReasons ?? allReasons
  const wanted = point.reasons ?? allReasons
  return some.filter((reason) => wanted.includes(reason))
}

interface Scope {
  readonly scope: IssuingDistributionPoint | undefined
  /** Keys of the names under which the list is published, if it is for one distribution point. */
  readonly names: ReadonlySet<string> | undefined
}

const rememberedScopes = new WeakMap<CertificateRevocationList, Scope>()

/** Read once: every distribution point of a certificate is compared with every list of the issuer. */
function scopeOf(crl: CertificateRevocationList): Scope {
  const known = rememberedScopes.get(crl)
  if (known !== undefined) return known
  const scope = findExtension(crl.extensions, issuingDistributionPoint)
  const names = scope?.distributionPoint && fullNames(scope.distributionPoint, [crl.issuer])
  const read = { scope, names: names && new Set(names.map(keyOf)) }
  rememberedScopes.set(crl, read)
  return read
}

/** The names of a distribution point; where it has none, those of its CRL issuer. */
function namesOf(point: DistributionPoint, certificate: Certificate): readonly GeneralName[] {
  if (point.distributionPoint === undefined) return point.crlIssuer ?? []
  return fullNames(point.distributionPoint, crlIssuersOf(point, certificate))
}

/** §4.2.1.13: a name can be relative to one CRL issuer only; relative to several it is none. */
function fullNames(name: DistributionPointName, crlIssuers: readonly Name[]): readonly GeneralName[] {
  if (name.type === 'fullName') return name.names
  const [base, ...others] = crlIssuers
  if (base === undefined || others.length > 0) return []
  return [{ type: 'directoryName', name: nameOf([...base.rdns, name.rdn]) }]
}

const directoryNames = (names: readonly GeneralName[]): readonly Name[] =>
  names.flatMap((name) => (name.type === 'directoryName' ? [name.name] : []))

/** Linear, for both lists may be as long as their author likes. */
export function sharesName(some: readonly GeneralName[], others: readonly GeneralName[]): boolean {
  const keys = new Set(others.map(keyOf))
  return some.some((name) => keys.has(keyOf(name)))
}

/** §5.2.5: but for directory names, "the identical encoding" is what issuers have to use. */
function keyOf(name: GeneralName): string {
  if (name.type === 'directoryName') return `directoryName ${nameKey(name.name)}`
  return 'value' in name ? `${name.type} ${name.value}` : hexEncode(encode(generalName(name)))
}
