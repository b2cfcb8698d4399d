import { PkiError } from '../../errors/pki-error.js'
import { checkCrlTimes } from '../../rules/profile/check-crl-times.js'
import { delegatesAuthority, type Profile } from '../../rules/profile/profile.js'
import { findProfile } from '../../rules/profile/profiles.js'
import type { Deps } from '../deps.js'
import type { PermittedCa } from '../stages.js'

/**
 * The profile of a request, or of a certificate that is to be renewed. One that delegates authority of the CA (OCSP
 * signing) is the operator's: whoever may issue could otherwise answer for the revocation of everybody else's
 * certificates. One that asks for fresh CRLs is not for a CA whose schedule is slower, and one for public trust not for
 * keys that follow from a seed.
 *
 * @throws {PkiError} `unknown_profile` | `profile_refused`
 */
export function permittedProfile(name: string | undefined, permitted: PermittedCa, deps: Deps): Profile {
  const { profiles, defaultProfile } = deps.settings
  const profile = findProfile(profiles, name ?? defaultProfile)
  if (delegatesAuthority(profile) && permitted.principal.kind !== 'operator') {
    throw refused(profile, 'profile', 'delegates authority of the CA, which only its operator may')
  }
  if (profile.forPublicTrust && deps.custody.isDeterministic === true) {
    throw refused(profile, 'custody', 'is for public trust, and the keys of this custody follow from a seed')
  }
  checkCrlTimes(profile, deps.settings.crlSchedule(permitted.ca))
  return profile
}

const refused = ({ name }: Profile, item: string, state: string): PkiError<'profile_refused'> =>
  new PkiError('profile_refused', `Cannot issue certificate: profile "${name}" ${state}`, {
    profile: name,
    item,
  })
