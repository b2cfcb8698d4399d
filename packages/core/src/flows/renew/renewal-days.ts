import type { CertificateRecord } from '../../ports/records.js'
import type { Profile } from '../../rules/profile/profile.js'
import { maximumDaysAt } from '../../rules/profile/validity.js'

const dayMilliseconds = 86_400_000

/**
 * The days that a renewal without `validityDays` gets: as many as the old certificate had. `undefined`, which lets the
 * profile choose and cut, where the profile or the issuer no longer allow that many.
 */
export function renewalDays(
  old: Pick<CertificateRecord, 'notBefore' | 'notAfter'>,
  limits: { readonly profile: Profile; readonly issuerNotAfter: Date; readonly now: Date },
): number | undefined {
  const days = Math.round((old.notAfter.getTime() - old.notBefore.getTime()) / dayMilliseconds)
  const daysLeft = Math.floor((limits.issuerNotAfter.getTime() - limits.now.getTime()) / dayMilliseconds)
  const fits =
    days >= 1 && days <= daysLeft && days <= maximumDaysAt(limits.profile.maximumValidityDays, limits.now)
  return fits ? days : undefined
}
