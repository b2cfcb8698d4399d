import { generalizedTime } from '../../asn1/der-writer.js'
import { defineExtension } from '../extension.js'

/** RFC 5280 §5.3.2, of a CRL entry: since when the key is known or suspected to be compromised. Whole seconds. */
export const invalidityDate = defineExtension<Date>({
  oid: '2.5.29.24',
  name: 'invalidityDate',
  read: (reader) => reader.generalizedTime(),
  write: (time) => generalizedTime(time),
})
