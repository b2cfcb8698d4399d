import { defineExtension } from '../extension.js'
import type { GeneralName } from '../general-name.js'
import { alternativeNames, readAlternativeNames } from './alternative-names.js'

/** RFC 5280 §4.2.1.6: the names of the subject, at least one. */
export const subjectAltName = defineExtension<readonly GeneralName[]>({
  oid: '2.5.29.17',
  name: 'subjectAltName',
  read: readAlternativeNames,
  write: alternativeNames,
})
