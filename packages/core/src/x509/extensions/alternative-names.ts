import type { DerReader } from '../../asn1/der-reader.js'
import type { Encoder } from '../../asn1/der-writer.js'
import { type GeneralName, generalNames, readGeneralNames } from '../general-name.js'
import { unreadable, unwritable } from '../structure-error.js'

/*
 * The value of subjectAltName and issuerAltName: GeneralNames, none of them empty (RFC 5280 §4.2.1.6). In a name
 * constraint an empty name is allowed and covers all; as the name of somebody it is none.
 */

export function readAlternativeNames(reader: DerReader): readonly GeneralName[] {
  const at = reader.offset
  const names = readGeneralNames(reader.sequence())
  if (names.some(isEmpty)) throw unreadable('GeneralNames', at, 'one of the names is empty')
  return names
}

export function alternativeNames(names: readonly GeneralName[]): Encoder {
  if (names.some(isEmpty)) throw unwritable('GeneralNames', 'one of the names is empty')
  return generalNames(names)
}

const isEmpty = (name: GeneralName): boolean => 'value' in name && name.value.trim() === ''
