import {
  authorityInfoAccess,
  authorityKeyIdentifier,
  basicConstraints,
  certificateIssuer,
  certificatePolicies,
  cRLDistributionPoints,
  cRLNumber,
  deltaCRLIndicator,
  type DisplayText,
  type DistributionPoint,
  type DistributionPointName,
  type Extension,
  type ExtensionType,
  extendedKeyUsage,
  freshestCRL,
  inhibitAnyPolicy,
  invalidityDate,
  issuerAltName,
  issuingDistributionPoint,
  type KeyUsage,
  keyUsage,
  nameConstraints,
  ocspNoCheck,
  ocspNonce,
  parseSerialNumber,
  policyConstraints,
  policyMappings,
  type PolicyQualifier,
  reasonCode,
  type SerialNumber,
  subjectAltName,
  subjectInfoAccess,
  subjectKeyIdentifier,
} from '@certwright/core'
import * as fc from 'fast-check'
import { Tag } from '../../../packages/core/src/asn1/tags.js'
import { hexOf } from '../reading.js'
import { type CrlReason, crlReasonNumbers } from '../../../packages/core/src/x509/crl-reason.js'
import { createExtension } from '../../../packages/core/src/x509/extension.js'
import { keyUsages } from '../../../packages/core/src/x509/extensions/key-usage.js'
import { element, generalName, generalNames, objectId, octets, sortedRdn } from './arbitrary-names.js'

/** A value of one kind of extension, and the extension that holds it. */
export interface ExtensionCase {
  readonly type: ExtensionType<unknown>
  readonly value: unknown
  readonly extension: Extension
}

export interface ExtensionCases {
  readonly name: string
  readonly values: fc.Arbitrary<ExtensionCase>
}

/** Whole seconds of the years 1950 to 9999. */
export const time: fc.Arbitrary<Date> = fc
  .integer({ min: Date.UTC(1950, 0) / 1000, max: Date.UTC(9999, 11, 31, 23, 59, 59) / 1000 })
  .map((seconds) => new Date(seconds * 1000))

/** 1 to 20 octets, positive (RFC 5280 §4.1.2.2). */
export const serialNumber: fc.Arbitrary<SerialNumber> = octets(1, 20)
  .map(hexOf)
  .filter((hex) => /[^0]/.test(hex) && (hex.length < 40 || hex < '8'))
  .map(parseSerialNumber)

export const reason = fc.constantFrom(...(Object.keys(crlReasonNumbers) as CrlReason[]))

const skipCerts = fc.nat({ max: 0x7fff_ffff })

const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined })

/** In the order of their bits, as they are read. */
const reasonFlags = fc.subarray([
  'keyCompromise',
  'caCompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  'privilegeWithdrawn',
  'aACompromise',
] as const)

const pointName: fc.Arbitrary<DistributionPointName> = fc.oneof(
  fc.record({ type: fc.constant('fullName' as const), names: generalNames }),
  fc.record({ type: fc.constant('nameRelativeToCrlIssuer' as const), rdn: sortedRdn }),
)

const points: fc.Arbitrary<readonly DistributionPoint[]> = fc.array(
  fc.oneof(
    fc.record({
      distributionPoint: pointName,
      reasons: optional(reasonFlags),
      crlIssuer: optional(generalNames),
    }),
    fc.record({ reasons: optional(reasonFlags), crlIssuer: generalNames }),
  ),
  { minLength: 1, maxLength: 3 },
)

const descriptions = fc.array(fc.record({ accessMethod: objectId, accessLocation: generalName() }), {
  minLength: 1,
  maxLength: 3,
})

const displayText: fc.Arbitrary<DisplayText> = fc.record({
  tag: fc.constantFrom(Tag.utf8String, Tag.ia5String, Tag.visibleString, Tag.bmpString),
  value: fc.string({ minLength: 1, maxLength: 200 }),
})

const qualifier: fc.Arbitrary<PolicyQualifier> = fc.oneof(
  fc.record({ type: fc.constant('cPS' as const), uri: fc.webUrl() }),
  fc.record({
    type: fc.constant('userNotice' as const),
    noticeRef: optional(
      fc.record({ organization: displayText, noticeNumbers: fc.array(skipCerts, { maxLength: 3 }) }),
    ),
    explicitText: optional(displayText),
  }),
  fc.record({ type: fc.constant('unknown' as const), qualifierId: objectId, der: element }),
)

const crlNumber = fc.bigInt({ min: 0n, max: 2n ** 159n - 1n })

/** Address and mask of a CIDR range. */
const range = fc.constantFrom(4, 16).chain((length) =>
  fc.tuple(octets(length), fc.nat({ max: length * 8 })).map(([address, prefix]) => ({
    type: 'ip' as const,
    address: Uint8Array.from([
      ...address,
      ...Array.from({ length }, (_, i) => (0xff00 >> Math.min(8, Math.max(0, prefix - i * 8))) & 0xff),
    ]),
  })),
)

const subtrees = (minimum: fc.Arbitrary<number>, maximum: fc.Arbitrary<number | undefined>) =>
  fc.array(
    fc.record({
      base: fc.oneof(
        generalName().filter(({ type }) => type !== 'ip'),
        range,
      ),
      minimum,
      maximum,
    }),
    { maxLength: 3 },
  )

const constraints = (minimum: fc.Arbitrary<number>, maximum: fc.Arbitrary<number | undefined>) => {
  const list = subtrees(minimum, maximum)
  return fc
    .record({ permitted: list, excluded: list })
    .filter(({ permitted, excluded }) => permitted.length + excluded.length > 0)
}

/** The distances that X.509 has and RFC 5280 §4.2.1.10 does not use. */
export const distantConstraints = constraints(skipCerts, optional(skipCerts))

const scope = fc.constantFrom(
  'onlyContainsUserCerts',
  'onlyContainsCACerts',
  'onlyContainsAttributeCerts',
  undefined,
)

function extensionOf<T>(type: ExtensionType<T>, values: fc.Arbitrary<T>): ExtensionCases {
  const { name } = type
  return {
    name,
    values: fc
      .tuple(values, fc.boolean())
      .map(([value, critical]) => ({ type, value, extension: createExtension(type, value, { critical }) })),
  }
}

/** RFC 5280 §4.2 */
const certificateCases: readonly ExtensionCases[] = [
  extensionOf(
    authorityKeyIdentifier,
    fc
      .tuple(
        optional(octets(0, 32)),
        fc.oneof(
          fc.record({ authorityCertIssuer: generalNames, authorityCertSerialNumber: serialNumber }),
          fc.constant({}),
        ),
      )
      .map(([keyIdentifier, issuer]) => ({ keyIdentifier, ...issuer })),
  ),
  extensionOf(subjectKeyIdentifier, octets(0, 64)),
  extensionOf(keyUsage, fc.subarray<KeyUsage>([...keyUsages], { minLength: 1 })),
  extensionOf(
    certificatePolicies,
    fc.uniqueArray(
      fc.record({ policyIdentifier: objectId, qualifiers: fc.array(qualifier, { maxLength: 3 }) }),
      { selector: ({ policyIdentifier }) => policyIdentifier, minLength: 1, maxLength: 3 },
    ),
  ),
  extensionOf(
    policyMappings,
    fc.array(fc.record({ issuerDomainPolicy: objectId, subjectDomainPolicy: objectId }), {
      minLength: 1,
      maxLength: 3,
    }),
  ),
  extensionOf(subjectAltName, generalNames),
  extensionOf(issuerAltName, generalNames),
  extensionOf(
    basicConstraints,
    fc.oneof(
      fc.constant({ isCa: false }),
      fc.record({ isCa: fc.constant(true), pathLength: optional(skipCerts) }),
    ),
  ),
  extensionOf(nameConstraints, constraints(fc.constant(0), fc.constant(undefined))),
  extensionOf(
    policyConstraints,
    fc.oneof(
      fc.record({ requireExplicitPolicy: skipCerts, inhibitPolicyMapping: optional(skipCerts) }),
      fc.record({ inhibitPolicyMapping: skipCerts }),
    ),
  ),
  extensionOf(extendedKeyUsage, fc.array(objectId, { minLength: 1, maxLength: 4 })),
  extensionOf(cRLDistributionPoints, points),
  extensionOf(inhibitAnyPolicy, skipCerts),
  extensionOf(freshestCRL, points),
  extensionOf(authorityInfoAccess, descriptions),
  extensionOf(subjectInfoAccess, descriptions),
  extensionOf(ocspNoCheck, fc.constant(true as const)),
]

/** §5.2 */
const crlCases: readonly ExtensionCases[] = [
  extensionOf(cRLNumber, crlNumber),
  extensionOf(deltaCRLIndicator, crlNumber),
  extensionOf(
    issuingDistributionPoint,
    fc
      .record({
        distributionPoint: optional(pointName),
        only: scope,
        onlySomeReasons: optional(reasonFlags),
        indirectCRL: fc.boolean(),
      })
      .filter((value) => Object.values(value).some(Boolean))
      .map(({ only, ...rest }) => ({
        ...rest,
        onlyContainsUserCerts: only === 'onlyContainsUserCerts',
        onlyContainsCACerts: only === 'onlyContainsCACerts',
        onlyContainsAttributeCerts: only === 'onlyContainsAttributeCerts',
      })),
  ),
]

/** §5.3, and those of OCSP. */
const otherCases: readonly ExtensionCases[] = [
  extensionOf(reasonCode, reason),
  extensionOf(invalidityDate, time),
  extensionOf(certificateIssuer, generalNames),
  extensionOf(ocspNonce, octets(1, 128)),
]

export const everyExtension: readonly ExtensionCases[] = [...certificateCases, ...crlCases, ...otherCases]

/** One that nobody knows, which is carried as it is: arcs below 2.99 are given to no standard. */
const foreign: fc.Arbitrary<Extension> = fc.record({
  oid: objectId.map((oid) => `2.99.${oid}`),
  critical: fc.boolean(),
  valueDer: octets(0, 300),
})

const listOf = (cases: readonly ExtensionCases[]): fc.Arbitrary<readonly Extension[]> =>
  fc.uniqueArray(fc.oneof(foreign, ...cases.map(({ values }) => values.map(({ extension }) => extension))), {
    selector: ({ oid }) => oid,
    maxLength: 6,
  })

export const certificateExtensions = listOf(certificateCases)
export const crlExtensions = listOf(crlCases)
export const ocspExtensions = listOf([extensionOf(ocspNonce, octets(1, 128))])
