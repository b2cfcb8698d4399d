import type { DerReader } from '../../asn1/der-reader.js'
import { type Encoder, unsignedInteger } from '../../asn1/der-writer.js'
import { hexDecode, hexEncode } from '../../encoding/hex.js'
import { defineExtension } from '../extension.js'
import { unreadable, unwritable } from '../structure-error.js'

/** RFC 5280 §5.2.3: issuers "MUST NOT use CRLNumber values longer than 20 octets", sign octet included. */
const maximumOctets = 20
const largestNumber = 2n ** 159n - 1n

/** RFC 5280 §5.2.3: grows with every CRL of one issuer and scope. 0 to 2^159 - 1. */
export const cRLNumber = defineExtension<bigint>({
  oid: '2.5.29.20',
  name: 'cRLNumber',
  read: readCrlNumber,
  write: crlNumber,
})

/** CRLNumber, which is also BaseCRLNumber of deltaCRLIndicator. */
export function readCrlNumber(reader: DerReader): bigint {
  const at = reader.offset
  const content = reader.integerBytes()
  if ((content[0] as number) >= 0x80) throw unreadable('CRLNumber', at, 'it is negative')
  if (content.length > maximumOctets)
    throw unreadable('CRLNumber', at, `it is longer than ${maximumOctets} octets`)
  return BigInt(`0x${hexEncode(content)}`)
}

export function crlNumber(value: bigint): Encoder {
  if (value < 0n || value > largestNumber) throw unwritable('CRLNumber', 'it is outside 0 to 2^159 - 1')
  const digits = value.toString(16)
  return unsignedInteger(hexDecode(digits.length % 2 === 0 ? digits : `0${digits}`))
}
