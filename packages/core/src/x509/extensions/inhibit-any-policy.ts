import { integer } from '../../asn1/der-writer.js'
import { defineExtension } from '../extension.js'

/** RFC 5280 §4.2.1.14: how many certificates that are not self-issued may follow before anyPolicy means nothing. */
export const inhibitAnyPolicy = defineExtension<number>({
  oid: '2.5.29.54',
  name: 'inhibitAnyPolicy',
  read: (reader) => reader.smallInteger(),
  write: (skipCerts) => integer(skipCerts),
})
