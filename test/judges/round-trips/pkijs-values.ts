import {
  type BaseBlock,
  BitString,
  type Constructed,
  Enumerated,
  GeneralizedTime,
  Integer,
  Null,
  type ObjectIdentifier,
  OctetString,
  Sequence,
} from 'asn1js'
import {
  AltName,
  AuthorityKeyIdentifier,
  BasicConstraints,
  CertificatePolicies,
  CRLDistributionPoints,
  type DistributionPoint,
  type Extension,
  ExtKeyUsage,
  type GeneralName,
  GeneralNames,
  type GeneralSubtree,
  InfoAccess,
  IssuingDistributionPoint,
  NameConstraints,
  PolicyConstraints,
  PolicyMappings,
  type PolicyQualifierInfo,
  type RelativeDistinguishedNames,
} from 'pkijs'
import { keyUsages } from '../../../packages/core/src/x509/extensions/key-usage.js'
import { crlReasonNumbers } from '../../../packages/core/src/x509/crl-reason.js'
import { hexOf, numberOf } from '../reading.js'

/*
 * What pkijs finds in an extension, said as our own types say it, and made plain: octets and big numbers as hex, times
 * as ISO 8601, names as their attributes in one list (pkijs does not keep the levels apart).
 */

/** The plain form of a value of ours. */
export function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return hexOf(value)
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'bigint') return value.toString(16)
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  if ('rdns' in value) return attributes(value.rdns as { type: string; value: string }[][])
  if ('rdn' in value) return { ...value, rdn: attributes([value.rdn] as { type: string; value: string }[][]) }
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, plain(field)]))
}

const attributes = (rdns: readonly (readonly { type: string; value: string }[])[]): unknown =>
  rdns.flat().map(({ type, value }) => [type, value])

/** Each extension is to be parsed as what its OID says, or the type of `parsedValue` is wrong. */
export function pkijsValue({ extnID, parsedValue }: Extension): unknown {
  const value: unknown = parsedValue
  switch (true) {
    case value instanceof AltName:
      return value.altNames.map(generalName)
    case value instanceof GeneralNames:
      return value.names.map(generalName)
    case value instanceof BasicConstraints:
      return { isCa: value.cA, pathLength: count(value.pathLenConstraint) }
    case value instanceof AuthorityKeyIdentifier:
      return {
        keyIdentifier: value.keyIdentifier && hexOf(value.keyIdentifier.valueBlock.valueHexView),
        authorityCertIssuer: value.authorityCertIssuer?.map(generalName),
        authorityCertSerialNumber:
          value.authorityCertSerialNumber &&
          number(value.authorityCertSerialNumber).replace(/^(?=(..)*.$)/, '0'),
      }
    case value instanceof CertificatePolicies:
      return value.certificatePolicies.map(({ policyIdentifier, policyQualifiers = [] }) => ({
        policyIdentifier,
        qualifiers: policyQualifiers.map(qualifier),
      }))
    case value instanceof PolicyMappings:
      return value.mappings.map(({ issuerDomainPolicy, subjectDomainPolicy }) => ({
        issuerDomainPolicy,
        subjectDomainPolicy,
      }))
    case value instanceof PolicyConstraints:
      return {
        requireExplicitPolicy: count(value.requireExplicitPolicy),
        inhibitPolicyMapping: count(value.inhibitPolicyMapping),
      }
    case value instanceof NameConstraints:
      return {
        permitted: (value.permittedSubtrees ?? []).map(subtree),
        excluded: (value.excludedSubtrees ?? []).map(subtree),
      }
    case value instanceof CRLDistributionPoints:
      return value.distributionPoints.map(distributionPoint)
    case value instanceof InfoAccess:
      return value.accessDescriptions.map(({ accessMethod, accessLocation }) => ({
        accessMethod,
        accessLocation: generalName(accessLocation),
      }))
    case value instanceof ExtKeyUsage:
      return value.keyPurposes
    case value instanceof IssuingDistributionPoint:
      return issuingPoint(value)
    case value instanceof OctetString:
      return hexOf(value.valueBlock.valueHexView)
    case value instanceof Null:
      return true
    case value instanceof BitString:
      return keyUsages.filter((_, bit) => hasBit(value, bit))
    case value instanceof Enumerated:
      return Object.entries(crlReasonNumbers).find(([, reason]) => reason === value.valueBlock.valueDec)?.[0]
    case value instanceof GeneralizedTime:
      return value.toDate().toISOString()
    // inhibitAnyPolicy is a small number to us, the others are numbers of CRLs.
    case value instanceof Integer:
      return extnID === '2.5.29.54' ? count(value) : number(value)
    default:
      return undefined
  }
}

function generalName({ type, value }: GeneralName): unknown {
  switch (type) {
    case 0: {
      const [typeId, wrapper] = (value as Constructed).valueBlock.value as [ObjectIdentifier, Constructed]
      return { type: 'otherName', typeId: typeId.getValue(), valueDer: der(wrapper.valueBlock.value[0]) }
    }
    case 1:
      return { type: 'email', value }
    case 2:
      return { type: 'dns', value }
    case 3:
      return { type: 'x400Address', der: der(value) }
    case 4:
      return { type: 'directoryName', name: nameOf(value as RelativeDistinguishedNames) }
    case 5:
      return { type: 'ediPartyName', der: der(value) }
    case 6:
      return { type: 'uri', value }
    case 7:
      return { type: 'ip', address: hexOf((value as OctetString).valueBlock.valueHexView) }
    case 8:
      return { type: 'registeredId', oid: value }
    default:
      throw new Error(`pkijs found a general name of type ${type}`)
  }
}

const nameOf = (name: RelativeDistinguishedNames): unknown =>
  name.typesAndValues.map(({ type, value }) => [type, value.valueBlock.value])

const subtree = ({ base, minimum, maximum }: GeneralSubtree): unknown => ({
  base: generalName(base),
  minimum: count(minimum),
  maximum: count(maximum),
})

function distributionPoint({ distributionPoint, reasons, cRLIssuer }: DistributionPoint): unknown {
  return {
    distributionPoint: distributionPoint && pointName(distributionPoint),
    // The octet of unused bits stands in front of the bits: pkijs takes an IMPLICIT BIT STRING for its content.
    reasons: reasons && reasonFlags.filter((_, i) => hasBit(reasons, i + 1 + 8)),
    crlIssuer: cRLIssuer?.map(generalName),
  }
}

const pointName = (name: GeneralName[] | RelativeDistinguishedNames): unknown =>
  Array.isArray(name)
    ? { type: 'fullName', names: name.map(generalName) }
    : { type: 'nameRelativeToCrlIssuer', rdn: nameOf(name) }

/** RFC 5280 §4.2.1.13, from bit 1. */
const reasonFlags = [
  'keyCompromise',
  'caCompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  'privilegeWithdrawn',
  'aACompromise',
]

const issuingPoint = (point: IssuingDistributionPoint): unknown => ({
  distributionPoint: point.distributionPoint && pointName(point.distributionPoint),
  onlyContainsUserCerts: point.onlyContainsUserCerts,
  onlyContainsCACerts: point.onlyContainsCACerts,
  onlyContainsAttributeCerts: point.onlyContainsAttributeCerts,
  indirectCRL: point.indirectCRL,
})

const cps = '1.3.6.1.5.5.7.2.1'
const unotice = '1.3.6.1.5.5.7.2.2'

function qualifier({ policyQualifierId, qualifier }: PolicyQualifierInfo): unknown {
  if (policyQualifierId === cps) return { type: 'cPS', uri: textOf(qualifier).value }
  if (policyQualifierId !== unotice) {
    return { type: 'unknown', qualifierId: policyQualifierId, der: der(qualifier) }
  }
  const parts = (qualifier as Sequence).valueBlock.value
  const [reference, text] = parts[0] instanceof Sequence ? parts : [undefined, parts[0]]
  return {
    type: 'userNotice',
    noticeRef: reference instanceof Sequence ? noticeReference(reference) : undefined,
    explicitText: text && textOf(text),
  }
}

function noticeReference(reference: Sequence): unknown {
  const [organization, numbers] = reference.valueBlock.value as [BaseBlock, Sequence]
  return {
    organization: textOf(organization),
    noticeNumbers: numbers.valueBlock.value.map((part) => count(part as Integer)),
  }
}

const textOf = (block: BaseBlock): { tag: number; value: unknown } => ({
  tag: block.idBlock.tagNumber,
  value: (block as BaseBlock & { valueBlock: { value: unknown } }).valueBlock.value,
})

const der = (block: BaseBlock | undefined): string => hexOf(block?.toBER() ?? new Uint8Array())

const number = (value: Integer): string => numberOf(value.valueBlock.valueHexView)

const count = (value: Integer | number | undefined): number | undefined =>
  value instanceof Integer ? Number.parseInt(number(value), 16) : value

const hasBit = (bits: BitString, bit: number): boolean =>
  (((bits.valueBlock.valueHexView[bit >> 3] ?? 0) << (bit & 7)) & 0x80) !== 0
