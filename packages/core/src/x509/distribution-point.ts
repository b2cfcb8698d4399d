import type { DerReader } from '../asn1/der-reader.js'
import { type Encoder, explicit, namedBits, optional, sequence } from '../asn1/der-writer.js'
import { contextConstructed, contextPrimitive } from '../asn1/tags.js'
import type { CrlReason } from './crl-reason.js'
import { type GeneralName, generalNames, readGeneralNames } from './general-name.js'
import {
  type RelativeDistinguishedName,
  readRelativeDistinguishedName,
  relativeDistinguishedName,
} from './name.js'
import { unreadable, unwritable } from './structure-error.js'

/** Where a CRL is found, for which reasons, and who signs it if not the issuer (RFC 5280 §4.2.1.13). */
export interface DistributionPoint {
  readonly distributionPoint?: DistributionPointName | undefined
  /** Absent: the CRL covers all reasons. */
  readonly reasons?: readonly ReasonFlag[] | undefined
  /** Absent: the issuer of the certificate. */
  readonly crlIssuer?: readonly GeneralName[] | undefined
}

export type DistributionPointName =
  | { readonly type: 'fullName'; readonly names: readonly GeneralName[] }
  | { readonly type: 'nameRelativeToCrlIssuer'; readonly rdn: RelativeDistinguishedName }

export type ReasonFlag = Exclude<CrlReason, 'unspecified' | 'removeFromCRL'>

/** ReasonFlags in the order of their bits, from bit 1; bit 0 is not used. */
const reasonFlags: readonly ReasonFlag[] = [
  'keyCompromise',
  'caCompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  'privilegeWithdrawn',
  'aACompromise',
]

/** CRLDistributionPoints, of cRLDistributionPoints and freshestCRL alike. */
export function readDistributionPoints(reader: DerReader): readonly DistributionPoint[] {
  const at = reader.offset
  const content = reader.sequence()
  if (content.atEnd) throw unreadable('CRLDistributionPoints', at, 'the list is empty')
  const points: DistributionPoint[] = []
  while (!content.atEnd) points.push(readDistributionPoint(content))
  return points
}

function readDistributionPoint(reader: DerReader): DistributionPoint {
  const at = reader.offset
  const content = reader.sequence()
  const distributionPoint = readDistributionPointName(content)
  const reasons = readReasonFlags(content, 1)
  const issuerNames = content.optionalContext(2)
  const crlIssuer = issuerNames && readGeneralNames(issuerNames)
  content.finish()
  if (!distributionPoint && !crlIssuer) throw unreadable('DistributionPoint', at, neitherPointNorIssuer)
  return { distributionPoint, reasons, crlIssuer }
}

const neitherPointNorIssuer = 'it has neither a distributionPoint nor a cRLIssuer'

/** `[0] EXPLICIT DistributionPointName OPTIONAL`, here and in issuingDistributionPoint. */
export function readDistributionPointName(reader: DerReader): DistributionPointName | undefined {
  const content = reader.optionalContext(0)
  if (content === undefined) return undefined
  const fullName = content.optionalContext(0)
  const value: DistributionPointName =
    fullName === undefined
      ? {
          type: 'nameRelativeToCrlIssuer',
          rdn: readRelativeDistinguishedName(content, contextConstructed(1)),
        }
      : { type: 'fullName', names: readGeneralNames(fullName) }
  content.finish()
  return value
}

/** `[number] IMPLICIT ReasonFlags OPTIONAL`. */
export function readReasonFlags(reader: DerReader, number: number): readonly ReasonFlag[] | undefined {
  const tag = contextPrimitive(number)
  if (reader.peekTag() !== tag) return undefined
  const bits = reader.namedBits(reasonFlags.length + 1, tag)
  return reasonFlags.filter((_, i) => bits.has(i + 1))
}

export function distributionPoints(points: readonly DistributionPoint[]): Encoder {
  if (points.length === 0) throw unwritable('CRLDistributionPoints', 'the list is empty')
  return sequence(...points.map(distributionPoint))
}

function distributionPoint(point: DistributionPoint): Encoder {
  if (!point.distributionPoint && !point.crlIssuer)
    throw unwritable('DistributionPoint', neitherPointNorIssuer)
  return sequence(
    optional(point.distributionPoint, distributionPointName),
    optional(point.reasons, (flags) => reasons(flags, 1)),
    optional(point.crlIssuer, (names) => generalNames(names, contextConstructed(2))),
  )
}

/** `[0] EXPLICIT DistributionPointName`. */
export function distributionPointName(value: DistributionPointName): Encoder {
  return value.type === 'fullName'
    ? explicit(0, generalNames(value.names, contextConstructed(0)))
    : explicit(0, relativeDistinguishedName(value.rdn, contextConstructed(1)))
}

/** `[number] IMPLICIT ReasonFlags`. */
export const reasons = (flags: readonly ReasonFlag[], number: number): Encoder =>
  namedBits(
    flags.map((flag) => reasonFlags.indexOf(flag) + 1),
    contextPrimitive(number),
  )
