import { PkiError } from '../errors/pki-error.js'

/*
 * `invalid_der` says that bytes are no DER; `invalid_structure` says that they are, and that the standard does not
 * allow what they spell.
 */

/** @param offset where the offending element starts, counted as in `invalid_der` */
export function unreadable(structure: string, offset: number, state: string): PkiError<'invalid_structure'> {
  return new PkiError('invalid_structure', `Cannot read ${structure} at offset ${offset}: ${state}`, {
    structure,
    offset,
  })
}

export function unwritable(structure: string, state: string): PkiError<'invalid_structure'> {
  return new PkiError('invalid_structure', `Cannot write ${structure}: ${state}`, { structure })
}
