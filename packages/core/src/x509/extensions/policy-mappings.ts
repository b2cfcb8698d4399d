import { objectIdentifier, sequence, sequenceOf } from '../../asn1/der-writer.js'
import { defineExtension } from '../extension.js'
import { unreadable, unwritable } from '../structure-error.js'

/** The subject's CA says that its policy means the issuer's (RFC 5280 §4.2.1.5). */
export interface PolicyMapping {
  readonly issuerDomainPolicy: string
  readonly subjectDomainPolicy: string
}

/** At least one. That `anyPolicy` is not mapped is for path validation to check (§6.1.4 (a)). */
export const policyMappings = defineExtension<readonly PolicyMapping[]>({
  oid: '2.5.29.33',
  name: 'policyMappings',
  read(reader) {
    const at = reader.offset
    const content = reader.sequence()
    if (content.atEnd) throw unreadable('PolicyMappings', at, 'the list is empty')
    const mappings: PolicyMapping[] = []
    while (!content.atEnd) {
      const mapping = content.sequence()
      const issuerDomainPolicy = mapping.objectIdentifier()
      const subjectDomainPolicy = mapping.objectIdentifier()
      mapping.finish()
      mappings.push({ issuerDomainPolicy, subjectDomainPolicy })
    }
    return mappings
  },
  write(mappings) {
    if (mappings.length === 0) throw unwritable('PolicyMappings', 'the list is empty')
    return sequenceOf(mappings, ({ issuerDomainPolicy, subjectDomainPolicy }) =>
      sequence(objectIdentifier(issuerDomainPolicy), objectIdentifier(subjectDomainPolicy)),
    )
  },
})
