import { PkiError } from '../../errors/pki-error.js'

const dayMilliseconds = 86_400_000

/** Ten years: long enough that trust stores are not changed often, short enough that algorithms outlive it. */
export const rootValidityDays = 3650

/** Five years, half of a root's. */
export const intermediateValidityDays = 1825

/**
 * notAfter is inclusive (RFC 5280 §4.1.2.5): N days end one second before they are over.
 */
export function caValidity(days: number, now: Date): { notBefore: Date; notAfter: Date } {
  return { notBefore: now, notAfter: new Date(now.getTime() + days * dayMilliseconds - 1000) }
}

/**
 * Inside the issuer's: days that were asked for are given or refused, others are cut.
 *
 * @throws {PkiError} `validity_refused`
 */
export function intermediateValidity(
  requestedDays: number | undefined,
  issuerNotAfter: Date,
  now: Date,
  action = 'Cannot create CA',
): { notBefore: Date; notAfter: Date } {
  const validity = caValidity(requestedDays ?? intermediateValidityDays, now)
  if (validity.notAfter <= issuerNotAfter) return validity
  if (requestedDays === undefined) return { ...validity, notAfter: issuerNotAfter }
  const state = `${requestedDays} days would outlive the issuer, which ends at ${issuerNotAfter.toISOString()}; ask for fewer`
  throw new PkiError('validity_refused', `${action}: ${state}`, {
    requestedDays,
    notAfterLimit: issuerNotAfter,
  })
}
