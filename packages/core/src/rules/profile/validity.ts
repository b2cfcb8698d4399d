import { toWholeSeconds } from '../../asn1/time.js'
import { PkiError } from '../../errors/pki-error.js'
import type { MaximumValidity } from './profile.js'

const secondsPerDay = 86_400

/**
 * How far notBefore lies in the past. Relying parties whose clock is a little slow would refuse a certificate
 * that starts now; a minute is what hosts drift apart between two corrections by NTP.
 */
const backdateSeconds = 60

export interface ValidityRequest {
  readonly validityDays?: number | undefined
  readonly now: Date
  readonly issuerValidity: { readonly notBefore: Date; readonly notAfter: Date }
}

export interface ValidityRule {
  readonly name: string
  readonly defaultValidityDays: number
  readonly maximumValidityDays: MaximumValidity
}

/**
 * First and last second of validity, both inclusive (RFC 5280 §4.1.2.5; CA/B BR §6.3.2: a day is 86,400
 * seconds): N days end one second before N × 86,400 seconds have passed.
 *
 * notBefore is `now` less `backdateSeconds`, but never before the issuer's own. A period that was asked for
 * is given or refused; one that was not is cut to the profile's maximum and to the issuer's notAfter.
 *
 * @throws {PkiError} `validity_refused`
 */
export function decideValidity(
  profile: ValidityRule,
  request: ValidityRequest,
): { notBefore: Date; notAfter: Date } {
  const { validityDays, now, issuerValidity } = request
  const backdated = toWholeSeconds(new Date(now.getTime() - backdateSeconds * 1000))
  const notBefore = backdated < issuerValidity.notBefore ? issuerValidity.notBefore : backdated
  const maximumDays = maximumDaysAt(profile.maximumValidityDays, now)
  if (validityDays !== undefined) requireDays(profile, validityDays, maximumDays)
  const days = validityDays ?? Math.min(profile.defaultValidityDays, maximumDays)
  const wanted = lastSecond(notBefore, days)
  if (wanted <= issuerValidity.notAfter) return { notBefore, notAfter: wanted }
  if (validityDays !== undefined) throw outlivesIssuer(validityDays, issuerValidity.notAfter)
  if (issuerValidity.notAfter <= now) throw outlivesIssuer(days, issuerValidity.notAfter)
  return { notBefore, notAfter: issuerValidity.notAfter }
}

/** The maximum that is in effect on a day; before the first day of a calendar its first row counts. */
export function maximumDaysAt(maximum: MaximumValidity, at: Date): number {
  if (typeof maximum === 'number') return maximum
  let days = maximum[0]?.days ?? 0
  for (const row of maximum) if (new Date(`${row.from}T00:00:00Z`) <= at) days = row.days
  return days
}

const lastSecond = (notBefore: Date, days: number): Date =>
  new Date(notBefore.getTime() + (days * secondsPerDay - 1) * 1000)

function requireDays(profile: ValidityRule, days: number, maximumDays: number): void {
  if (Number.isInteger(days) && days >= 1 && days <= maximumDays) return
  throw new PkiError(
    'validity_refused',
    `Cannot issue certificate: validityDays is ${days} where profile "${profile.name}" allows 1 to ${maximumDays}`,
    { requestedDays: days, maximumDays },
  )
}

function outlivesIssuer(days: number, notAfterLimit: Date): PkiError<'validity_refused'> {
  const limit = notAfterLimit.toISOString().replace('.000Z', 'Z')
  const message = `Cannot issue certificate: validityDays ${days} would outlive the issuer, which ends at ${limit}; ask for less`
  return new PkiError('validity_refused', message, { requestedDays: days, notAfterLimit })
}
