import { PkiError } from '@certwright/core'

/*
 * What a container can be refused for. Messages name structures, offsets, lengths and algorithms, never content: behind
 * the wrong byte of a container stands a private key. For the same reason no error of pkijs or asn1js is a `cause`.
 */

/** The bytes are no DER. `offset` counts from the start of the part that `structure` names. */
export function invalidDer(structure: string, offset: number, state: string): PkiError<'invalid_der'> {
  return new PkiError('invalid_der', `Cannot read ${structure} at offset ${offset}: ${state}`, { offset })
}

/** The bytes are DER of something else, or of something that the standard or this library does not allow. */
export function unreadable(structure: string, state: string): PkiError<'invalid_structure'> {
  return new PkiError('invalid_structure', `Cannot read ${structure}: ${state}`, { structure })
}

/** Wrong password and damaged file look alike: neither AES-CBC nor a MAC can tell them apart. */
export function wrongPassword(structure: string): PkiError<'wrong_password'> {
  return new PkiError(
    'wrong_password',
    `Cannot open ${structure}: the password is wrong, or the file is damaged`,
    {},
  )
}

/** @param advice what to do about it, as the end of a sentence */
export function unsupportedAlgorithm(
  structure: string,
  algorithm: string,
  advice: string,
): PkiError<'unsupported_algorithm'> {
  return new PkiError(
    'unsupported_algorithm',
    `Cannot read ${structure}: ${algorithm} is not supported: ${advice}`,
    {
      algorithm,
    },
  )
}

export function invalidInput(action: string, path: string, message: string): PkiError<'invalid_request'> {
  return new PkiError('invalid_request', `Cannot ${action}: ${path} ${message}`, {
    issues: [{ path, message }],
  })
}

export function tooMuch(
  structure: string,
  item: string,
  about: { readonly count: number; readonly maximum: number },
): PkiError<'request_too_large'> {
  const state = `it has ${about.count} ${item}, and ${about.maximum} are the most that are accepted`
  return new PkiError('request_too_large', `Cannot read ${structure}: ${state}`, { item, ...about })
}
