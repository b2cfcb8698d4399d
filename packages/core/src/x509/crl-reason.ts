import type { DerReader } from '../asn1/der-reader.js'
import { type Encoder, enumerated } from '../asn1/der-writer.js'
import { Tag } from '../asn1/tags.js'
import { unreadable } from './structure-error.js'

/**
 * Why a certificate was revoked: CRLReason of RFC 5280 §5.3.1, name → number. Value 7 is not used.
 *
 * The names are those of the standard but for `caCompromise`, which the standard spells `cACompromise`.
 */
export const crlReasonNumbers = {
  unspecified: 0,
  keyCompromise: 1,
  caCompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
  removeFromCRL: 8,
  privilegeWithdrawn: 9,
  aACompromise: 10,
} as const

export type CrlReason = keyof typeof crlReasonNumbers

const reasonsByNumber = new Map<number, CrlReason>(
  Object.entries(crlReasonNumbers).map(([reason, number]) => [number, reason as CrlReason]),
)

/** @throws {PkiError} `invalid_structure`: no reason has this number */
export function readCrlReason(reader: DerReader): CrlReason {
  const at = reader.offset
  const number = reader.smallInteger(undefined, Tag.enumerated)
  const reason = reasonsByNumber.get(number)
  if (reason === undefined) throw unreadable('CRLReason', at, `there is no reason ${number}`)
  return reason
}

export const crlReason = (reason: CrlReason): Encoder => enumerated(crlReasonNumbers[reason])
