import { PkiError } from '../errors/pki-error.js'

export function encryptedKey(): PkiError<'invalid_key'> {
  return invalidKey('it is encrypted: decrypt it first, for instance with "openssl pkey -in FILE"')
}

/** @param state of lengths and offsets, never of content */
export function invalidKey(state: string, algorithm?: string): PkiError<'invalid_key'> {
  return new PkiError(
    'invalid_key',
    `Cannot read private key: ${state}`,
    algorithm === undefined ? {} : { algorithm },
  )
}
