import { isPkiError } from '../../errors/pki-error.js'

/** What `check` says; or, where what it calls refuses the certificate, the reason. */
export function refusalOf(check: () => string | undefined): string | undefined {
  try {
    return check()
  } catch (error) {
    if (isPkiError(error)) return error.message
    throw error
  }
}
