import { defineExtension } from '../extension.js'
import type { GeneralName } from '../general-name.js'
import { alternativeNames, readAlternativeNames } from './alternative-names.js'

/** RFC 5280 §4.2.1.7: further names of the issuer, at least one. They have no part in path validation. */
export const issuerAltName = defineExtension<readonly GeneralName[]>({
  oid: '2.5.29.18',
  name: 'issuerAltName',
  read: readAlternativeNames,
  write: alternativeNames,
})
