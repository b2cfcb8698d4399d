import { type AccessDescription, accessDescriptions, readAccessDescriptions } from '../access-description.js'
import { defineExtension } from '../extension.js'

/** RFC 5280 §4.2.2.2: where the subject publishes what it issues or offers a service, at least one place. */
export const subjectInfoAccess = defineExtension<readonly AccessDescription[]>({
  oid: '1.3.6.1.5.5.7.1.11',
  name: 'subjectInfoAccess',
  read: readAccessDescriptions,
  write: accessDescriptions,
})
