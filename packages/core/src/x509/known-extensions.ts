import { decodeExtension, type Extension, type ExtensionType } from './extension.js'
import { archiveCutoff } from './extensions/archive-cutoff.js'
import { authorityInfoAccess } from './extensions/authority-info-access.js'
import { authorityKeyIdentifier } from './extensions/authority-key-identifier.js'
import { basicConstraints } from './extensions/basic-constraints.js'
import { certificateIssuer } from './extensions/certificate-issuer.js'
import { certificatePolicies } from './extensions/certificate-policies.js'
import { cRLDistributionPoints } from './extensions/crl-distribution-points.js'
import { cRLNumber } from './extensions/crl-number.js'
import { deltaCRLIndicator } from './extensions/delta-crl-indicator.js'
import { extendedKeyUsage } from './extensions/extended-key-usage.js'
import { freshestCRL } from './extensions/freshest-crl.js'
import { inhibitAnyPolicy } from './extensions/inhibit-any-policy.js'
import { invalidityDate } from './extensions/invalidity-date.js'
import { issuerAltName } from './extensions/issuer-alt-name.js'
import { issuingDistributionPoint } from './extensions/issuing-distribution-point.js'
import { keyUsage } from './extensions/key-usage.js'
import { nameConstraints } from './extensions/name-constraints.js'
import { noRevAvail } from './extensions/no-rev-avail.js'
import { ocspNoCheck } from './extensions/ocsp-no-check.js'
import { ocspNonce } from './extensions/ocsp-nonce.js'
import { policyConstraints } from './extensions/policy-constraints.js'
import { policyMappings } from './extensions/policy-mappings.js'
import { reasonCode } from './extensions/reason-code.js'
import { subjectAltName } from './extensions/subject-alt-name.js'
import { subjectInfoAccess } from './extensions/subject-info-access.js'
import { subjectKeyIdentifier } from './extensions/subject-key-identifier.js'

const types: readonly ExtensionType<unknown>[] = [
  // Of certificates, RFC 5280 §4.2
  authorityKeyIdentifier,
  subjectKeyIdentifier,
  keyUsage,
  certificatePolicies,
  policyMappings,
  subjectAltName,
  issuerAltName,
  basicConstraints,
  nameConstraints,
  policyConstraints,
  extendedKeyUsage,
  cRLDistributionPoints,
  inhibitAnyPolicy,
  freshestCRL,
  authorityInfoAccess,
  subjectInfoAccess,
  noRevAvail,
  // Of CRLs and their entries, §5.2 and §5.3
  cRLNumber,
  deltaCRLIndicator,
  issuingDistributionPoint,
  reasonCode,
  invalidityDate,
  certificateIssuer,
  // Of OCSP, RFC 6960 and RFC 9654
  ocspNonce,
  ocspNoCheck,
  archiveCutoff,
]

/** By OID. What path validation processes is a smaller set: to know an extension is not to honour it. */
export const knownExtensions: ReadonlyMap<string, ExtensionType<unknown>> = new Map(
  types.map((type) => [type.oid, type]),
)

/**
 * Decode every extension that is known, so that nothing which was parsed fails later. An unknown one stays as it is,
 * critical or not: to refuse it is for those who validate.
 *
 * @throws {PkiError} `invalid_structure`: one of them is malformed; `cause` says where
 */
export function checkExtensions(list: readonly Extension[]): void {
  for (const extension of list) {
    const type = knownExtensions.get(extension.oid)
    if (type) decodeExtension(extension, type)
  }
}
