import { PkiError } from '../errors/pki-error.js'

/** The bytes are not DER, or not DER of the expected type. `offset` counts from the start of the outermost input. */
export function invalidDer(offset: number, state: string): PkiError<'invalid_der'> {
  return new PkiError('invalid_der', `Cannot read DER at offset ${offset}: ${state}`, { offset })
}
