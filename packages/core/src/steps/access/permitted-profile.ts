import { PkiError } from '../../errors/pki-error.js'
import { checkCrlTimes } from '../../rules/profile/check-crl-times.js'
import { delegatesAuthority, type Profile } from '../../rules/profile/profile.js'
import { findProfile } from '../../rules/profile/profiles.js'
import type { Deps } from '../deps.js'
import type { PermittedCa } from '../stages.js'

/**
 * The profile of a request, or of a certificate that is to be renewed. One that delegates authority of the CA (OCSP
 * signing) is the operator's: whoever may issue could otherwise answer for the revocation of everybody else's
 * certificates. One that asks for fresh CRLs is not for a CA whose schedule is slower.
 *
 * @throws {PkiError} `unknown_profile` | `profile_refused`
 */
export function permittedProfile(name: string | undefined, permitted: PermittedCa, deps: Deps): Profile {
  const { profiles, defaultProfile } = deps.settings
  const profile = findProfile(profiles, name ?? defaultProfile)
  if (delegatesAuthority(profile) && permitted.principal.kind !== 'operator') {
    const state = `profile "${profile.name}" delegates authority of the CA, which only its operator may`
    throw new PkiError('profile_refused', `Cannot issue certificate: ${state}`, {
      profile: profile.name,
      item: 'profile',
    })
  }
  checkCrlTimes(profile, deps.settings.crlSchedule(permitted.ca))
  return profile
}
