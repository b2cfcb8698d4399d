import { nullValue } from '../../asn1/der-writer.js'
import { defineExtension } from '../extension.js'

/** RFC 9608 §2: no status of this certificate will ever be published, since it lives so short. No content. */
export const noRevAvail = defineExtension<true>({
  oid: '2.5.29.56',
  name: 'noRevAvail',
  read(reader) {
    reader.null()
    return true
  },
  write: () => nullValue,
})
