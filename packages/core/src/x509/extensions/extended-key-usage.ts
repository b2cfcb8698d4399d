import { objectIdentifier, sequenceOf } from '../../asn1/der-writer.js'
import { defineExtension } from '../extension.js'
import { unreadable, unwritable } from '../structure-error.js'

/** RFC 5280 §4.2.1.12: OIDs of key purposes, at least one; key-purposes.ts has their names. */
export const extendedKeyUsage = defineExtension<readonly string[]>({
  oid: '2.5.29.37',
  name: 'extendedKeyUsage',
  read(reader) {
    const at = reader.offset
    const content = reader.sequence()
    if (content.atEnd) throw unreadable('ExtKeyUsageSyntax', at, 'the list is empty')
    const purposes: string[] = []
    while (!content.atEnd) purposes.push(content.objectIdentifier())
    return purposes
  },
  write(purposes) {
    if (purposes.length === 0) throw unwritable('ExtKeyUsageSyntax', 'the list is empty')
    return sequenceOf(purposes, (purpose) => objectIdentifier(purpose))
  },
})
