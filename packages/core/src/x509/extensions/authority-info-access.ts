import { type AccessDescription, accessDescriptions, readAccessDescriptions } from '../access-description.js'
import { defineExtension } from '../extension.js'

/** RFC 5280 §4.2.2.1: where the issuer's certificate and its OCSP responder are, at least one of them. */
export const authorityInfoAccess = defineExtension<readonly AccessDescription[]>({
  oid: '1.3.6.1.5.5.7.1.1',
  name: 'authorityInfoAccess',
  read: readAccessDescriptions,
  write: accessDescriptions,
})
