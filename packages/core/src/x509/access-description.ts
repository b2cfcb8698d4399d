import type { DerReader } from '../asn1/der-reader.js'
import { type Encoder, objectIdentifier, sequence, sequenceOf } from '../asn1/der-writer.js'
import { type GeneralName, generalName, readGeneralName } from './general-name.js'
import { unwritable } from './structure-error.js'

/** What is offered, and where (RFC 5280 §4.2.2). */
export interface AccessDescription {
  /** OID, as in `accessMethods`. */
  readonly accessMethod: string
  readonly accessLocation: GeneralName
}

export const accessMethods = {
  ocsp: '1.3.6.1.5.5.7.48.1',
  caIssuers: '1.3.6.1.5.5.7.48.2',
  timeStamping: '1.3.6.1.5.5.7.48.3',
  caRepository: '1.3.6.1.5.5.7.48.5',
} as const

/**
 * The value of authorityInfoAccess and subjectInfoAccess alike. RFC 5280 §4.2.2 has at least one description; an empty
 * list offers nothing, as no list does, and is read.
 */
export function readAccessDescriptions(reader: DerReader): readonly AccessDescription[] {
  const content = reader.sequence()
  const descriptions: AccessDescription[] = []
  while (!content.atEnd) {
    const description = content.sequence()
    const accessMethod = description.objectIdentifier()
    const accessLocation = readGeneralName(description)
    description.finish()
    descriptions.push({ accessMethod, accessLocation })
  }
  return descriptions
}

export function accessDescriptions(descriptions: readonly AccessDescription[]): Encoder {
  if (descriptions.length === 0) throw unwritable('AccessDescriptions', 'the list is empty')
  return sequenceOf(descriptions, ({ accessMethod, accessLocation }) =>
    sequence(objectIdentifier(accessMethod), generalName(accessLocation)),
  )
}
