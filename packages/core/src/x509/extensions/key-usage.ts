import { namedBits } from '../../asn1/der-writer.js'
import { defineExtension } from '../extension.js'
import { unreadable, unwritable } from '../structure-error.js'

/** In the order of their bits (RFC 5280 §4.2.1.3). */
export const keyUsages = [
  'digitalSignature',
  'contentCommitment',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const

/** `contentCommitment` is what older texts call nonRepudiation. */
export type KeyUsage = (typeof keyUsages)[number]

const noUsage = 'no bit is set'

/** At least one usage, read in the order of the bits. */
export const keyUsage = defineExtension<readonly KeyUsage[]>({
  oid: '2.5.29.15',
  name: 'keyUsage',
  read(reader) {
    const at = reader.offset
    const bits = reader.namedBits(keyUsages.length)
    if (bits.size === 0) throw unreadable('KeyUsage', at, noUsage)
    return keyUsages.filter((_, bit) => bits.has(bit))
  },
  write(usages) {
    if (usages.length === 0) throw unwritable('KeyUsage', noUsage)
    return namedBits(usages.map((usage) => keyUsages.indexOf(usage)))
  },
})
