import { nullValue } from '../../asn1/der-writer.js'
import { defineExtension } from '../extension.js'

/** RFC 6960 §4.2.2.2.1: clients need not check the revocation of this OCSP responder's certificate. No content. */
export const ocspNoCheck = defineExtension<true>({
  oid: '1.3.6.1.5.5.7.48.1.5',
  name: 'ocspNoCheck',
  read(reader) {
    reader.null()
    return true
  },
  write: () => nullValue,
})
