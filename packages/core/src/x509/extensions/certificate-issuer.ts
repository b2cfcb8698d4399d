import { defineExtension } from '../extension.js'
import { type GeneralName, generalNames, readGeneralNames } from '../general-name.js'

/** RFC 5280 §5.3.3, of an entry of an indirect CRL: who issued the certificate. Holds until the next entry with one. */
export const certificateIssuer = defineExtension<readonly GeneralName[]>({
  oid: '2.5.29.29',
  name: 'certificateIssuer',
  read: (reader) => readGeneralNames(reader.sequence()),
  write: (names) => generalNames(names),
})
