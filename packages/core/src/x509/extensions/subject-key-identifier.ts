import { octetString } from '../../asn1/der-writer.js'
import { defineExtension } from '../extension.js'

/** RFC 5280 §4.2.1.2: octets that tell this key from the subject's others. How they are made is the CA's choice. */
export const subjectKeyIdentifier = defineExtension<Uint8Array>({
  oid: '2.5.29.14',
  name: 'subjectKeyIdentifier',
  read: (reader) => reader.octetString(),
  write: (keyIdentifier) => octetString(keyIdentifier),
})
