import { PkiError } from '../../errors/pki-error.js'
import type { Profile } from './profile.js'

const secondsPerDay = 86_400

/**
 * Whether the CRLs of a CA are as fresh as the profile asks: a certificate must not promise its relying parties what the
 * schedule of its issuer does not keep.
 *
 * @param crl the schedule of the issuer, in seconds
 * @throws {PkiError} `profile_refused`
 */
export function checkCrlTimes(
  { name, crlTimes }: Pick<Profile, 'name' | 'crlTimes'>,
  crl: { readonly validity: number; readonly interval: number },
): void {
  if (crlTimes === undefined) return
  const { validityDays, intervalDays } = crlTimes
  requireAtMost(validityDays, { name, option: 'crl.validitySeconds', seconds: crl.validity })
  requireAtMost(intervalDays, { name, option: 'crl.intervalSeconds', seconds: crl.interval })
}

function requireAtMost(
  days: number,
  { name, option, seconds }: { readonly name: string; readonly option: string; readonly seconds: number },
): void {
  const maximum = days * secondsPerDay
  if (seconds <= maximum) return
  const state = `profile "${name}" allows ${maximum} for ${option} of the issuing CA, which has ${seconds}`
  throw new PkiError('profile_refused', `Cannot issue certificate: ${state}`, { profile: name, item: option })
}
