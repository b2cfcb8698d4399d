import { booleanDefaultFalse, optional, sequence } from '../../asn1/der-writer.js'
import { contextPrimitive } from '../../asn1/tags.js'
import {
  type DistributionPointName,
  distributionPointName,
  type ReasonFlag,
  readDistributionPointName,
  readReasonFlags,
  reasons,
} from '../distribution-point.js'
import { defineExtension } from '../extension.js'
import { unreadable, unwritable } from '../structure-error.js'

/** RFC 5280 §5.2.5: where this CRL is published and what it covers. Says at least one thing. */
export interface IssuingDistributionPoint {
  readonly distributionPoint?: DistributionPointName | undefined
  /** At most one of the three is true. */
  readonly onlyContainsUserCerts: boolean
  readonly onlyContainsCACerts: boolean
  readonly onlyContainsAttributeCerts: boolean
  /** Absent: all reasons. */
  readonly onlySomeReasons?: readonly ReasonFlag[] | undefined
  /** The CRL has entries of other issuers (certificateIssuer). */
  readonly indirectCRL: boolean
}

export const issuingDistributionPoint = defineExtension<IssuingDistributionPoint>({
  oid: '2.5.29.28',
  name: 'issuingDistributionPoint',
  read(reader) {
    const at = reader.offset
    const content = reader.sequence()
    const value = {
      distributionPoint: readDistributionPointName(content),
      onlyContainsUserCerts: content.booleanDefaultFalse(contextPrimitive(1)),
      onlyContainsCACerts: content.booleanDefaultFalse(contextPrimitive(2)),
      onlySomeReasons: readReasonFlags(content, 3),
      indirectCRL: content.booleanDefaultFalse(contextPrimitive(4)),
      onlyContainsAttributeCerts: content.booleanDefaultFalse(contextPrimitive(5)),
    }
    content.finish()
    const fault = faultOf(value)
    if (fault !== undefined) throw unreadable('IssuingDistributionPoint', at, fault)
    return value
  },
  write(value) {
    const fault = faultOf(value)
    if (fault !== undefined) throw unwritable('IssuingDistributionPoint', fault)
    return sequence(
      optional(value.distributionPoint, distributionPointName),
      booleanDefaultFalse(value.onlyContainsUserCerts, contextPrimitive(1)),
      booleanDefaultFalse(value.onlyContainsCACerts, contextPrimitive(2)),
      optional(value.onlySomeReasons, (flags) => reasons(flags, 3)),
      booleanDefaultFalse(value.indirectCRL, contextPrimitive(4)),
      booleanDefaultFalse(value.onlyContainsAttributeCerts, contextPrimitive(5)),
    )
  },
})

function faultOf(value: IssuingDistributionPoint): string | undefined {
  const { onlyContainsUserCerts, onlyContainsCACerts, onlyContainsAttributeCerts } = value
  const scopes = [onlyContainsUserCerts, onlyContainsCACerts, onlyContainsAttributeCerts].filter(
    Boolean,
  ).length
  if (scopes > 1) return 'more than one kind of certificate is said to be the only one'
  const saysNothing = scopes === 0 && !value.indirectCRL && !value.distributionPoint && !value.onlySomeReasons
  return saysNothing ? 'it is empty' : undefined
}
