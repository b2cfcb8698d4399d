import {
  accessMethods,
  type AccessDescription,
  archiveCutoff,
  authorityInfoAccess,
  authorityKeyIdentifier,
  basicConstraints,
  certificateIssuer,
  certificatePolicies,
  cRLDistributionPoints,
  cRLNumber,
  decodeExtension,
  deltaCRLIndicator,
  type DistributionPoint,
  type DistributionPointName,
  type Extension,
  type ExtensionType,
  extendedKeyUsage,
  formatGeneralName,
  freshestCRL,
  type GeneralName,
  type GeneralSubtree,
  inhibitAnyPolicy,
  invalidityDate,
  issuerAltName,
  issuingDistributionPoint,
  keyPurposeOf,
  keyUsage,
  nameConstraints,
  noRevAvail,
  ocspNoCheck,
  ocspNonce,
  policyConstraints,
  policyMappings,
  type PolicyQualifier,
  reasonCode,
  subjectAltName,
  subjectInfoAccess,
  subjectKeyIdentifier,
} from '@certwright/core'
import { hex, isoTime } from './forms.js'
import type { ExtensionFields, Fields, Value } from './item.js'

/** Each by the name that its RFC gives it; the value of one without a row below as its DER in hex. */
export function describeExtensions(extensions: readonly Extension[]): readonly ExtensionFields[] | undefined {
  return extensions.length === 0 ? undefined : extensions.map(describeExtension)
}

function describeExtension(extension: Extension): ExtensionFields {
  const { oid, critical, valueDer } = extension
  const row = rows.get(oid)
  if (row === undefined) return { oid, critical, valueDer: hex(valueDer) }
  return { name: row.name, oid, critical, value: row.describe(extension) }
}

interface Row {
  readonly oid: string
  readonly name: string
  describe(extension: Extension): Value
}

function row<T>(type: ExtensionType<T>, describe: (value: T) => Value): Row {
  const { oid, name } = type
  return { oid, name, describe: (extension) => describe(decodeExtension(extension, type)) }
}

const names = (list: readonly GeneralName[]): string[] => list.map(formatGeneralName)

const rows: ReadonlyMap<string, Row> = new Map(
  [
    row(authorityKeyIdentifier, (value) => ({
      keyIdentifier: value.keyIdentifier && hex(value.keyIdentifier),
      issuer: value.authorityCertIssuer && names(value.authorityCertIssuer),
      serialNumber: value.authorityCertSerialNumber,
    })),
    row(subjectKeyIdentifier, hex),
    row(keyUsage, (usages) => usages),
    row(extendedKeyUsage, (purposes) => purposes.map((oid) => keyPurposeOf(oid) ?? oid)),
    row(basicConstraints, ({ isCa, pathLength }) => ({ ca: isCa, pathLength })),
    row(nameConstraints, ({ permitted, excluded }) => ({
      permitted: subtrees(permitted),
      excluded: subtrees(excluded),
    })),
    row(subjectAltName, names),
    row(issuerAltName, names),
    row(certificatePolicies, (policies) =>
      policies.map(({ policyIdentifier, qualifiers }) => ({
        policy: policyIdentifier,
        qualifiers: qualifiers.length === 0 ? undefined : qualifiers.map(qualifier),
      })),
    ),
    row(policyMappings, (mappings) =>
      mappings.map(({ issuerDomainPolicy, subjectDomainPolicy }) => ({
        issuerDomainPolicy,
        subjectDomainPolicy,
      })),
    ),
    row(policyConstraints, ({ requireExplicitPolicy, inhibitPolicyMapping }) => ({
      requireExplicitPolicy,
      inhibitPolicyMapping,
    })),
    row(inhibitAnyPolicy, (skipCerts) => skipCerts),
    row(cRLDistributionPoints, (points) => points.map(distributionPoint)),
    row(freshestCRL, (points) => points.map(distributionPoint)),
    row(authorityInfoAccess, (descriptions) => descriptions.map(accessDescription)),
    row(subjectInfoAccess, (descriptions) => descriptions.map(accessDescription)),
    row(cRLNumber, String),
    row(deltaCRLIndicator, String),
    row(issuingDistributionPoint, ({ distributionPoint, ...scope }) => ({
      names: distributionPoint && pointNames(distributionPoint),
      ...scope,
    })),
    row(reasonCode, (reason) => reason),
    row(invalidityDate, isoTime),
    row(certificateIssuer, names),
    row(ocspNonce, hex),
    row(ocspNoCheck, () => true),
    row(noRevAvail, () => true),
    row(archiveCutoff, isoTime),
  ].map((entry) => [entry.oid, entry]),
)

/** RFC 5280 has no distances but 0 to infinity: others are shown, since validators refuse them. */
function subtrees(list: readonly GeneralSubtree[]): string[] | undefined {
  if (list.length === 0) return undefined
  return list.map(({ base, minimum, maximum }) => {
    const distances =
      minimum === 0 && maximum === undefined ? '' : ` (distance ${minimum} to ${maximum ?? 'any'})`
    return `${formatGeneralName(base)}${distances}`
  })
}

function qualifier(value: PolicyQualifier): string {
  switch (value.type) {
    case 'cPS':
      return `CPS ${value.uri}`
    case 'userNotice': {
      const { noticeRef, explicitText } = value
      const reference = noticeRef && `${noticeRef.organization.value} ${noticeRef.noticeNumbers.join(' ')}`
      return ['notice', explicitText?.value, reference].filter((part) => part !== undefined).join(': ')
    }
    case 'unknown':
      return `${value.qualifierId} ${hex(value.der)}`
  }
}

function distributionPoint({ distributionPoint: name, reasons, crlIssuer }: DistributionPoint): Fields {
  return { names: name && pointNames(name), reasons, crlIssuer: crlIssuer && names(crlIssuer) }
}

function pointNames(name: DistributionPointName): string[] {
  if (name.type === 'fullName') return names(name.names)
  return [`relative to the issuer: ${name.rdn.map(({ type, value }) => `${type}=${value}`).join('+')}`]
}

function accessDescription({ accessMethod, accessLocation }: AccessDescription): Fields {
  return {
    method: methodNames.get(accessMethod) ?? accessMethod,
    location: formatGeneralName(accessLocation),
  }
}

const methodNames: ReadonlyMap<string, string> = new Map(
  Object.entries(accessMethods).map(([name, oid]) => [oid, name]),
)
