import type { DerReader } from '../asn1/der-reader.js'
import { contextConstructed } from '../asn1/tags.js'
import { unreadable } from './structure-error.js'

/** `version [0] EXPLICIT Version DEFAULT v1`: there is no other, and a default is not encoded (X.690 §11.5). */
export function requireDefaultVersion(reader: DerReader, structure: string): void {
  if (reader.peekTag() === contextConstructed(0)) {
    throw unreadable(
      structure,
      reader.offset,
      'a version is encoded where only the default, version 1, exists',
    )
  }
}
