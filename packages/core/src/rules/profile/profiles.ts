import { PkiError } from '../../errors/pki-error.js'
import { builtinProfiles } from './builtin-profiles.js'
import { parseProfile } from './parse-profile.js'
import type { Profile, ProfileDefinition } from './profile.js'

/** All profiles of an authority by name. */
export type Profiles = ReadonlyMap<string, Profile>

/** In the place of a profile in the records of CA certificates, for which there is none. */
export const caCertificateProfile = 'caCertificate'

/** The profile of requests that name none. */
export const defaultProfileName = 'serverAndClientAuth'

/**
 * The built-in profiles and a host's own.
 *
 * @throws {PkiError} `invalid_request`: a definition is not valid, or takes the name of a built-in profile,
 *   which would change what certificates of that name are
 */
export function createProfiles(custom: Readonly<Record<string, ProfileDefinition>> = {}): Profiles {
  const profiles = new Map<string, Profile>()
  for (const [name, definition] of Object.entries(builtinProfiles))
    profiles.set(name, parseProfile(name, definition))
  for (const [name, definition] of Object.entries(custom)) {
    if (profiles.has(name) || name === caCertificateProfile) throw nameTaken(name)
    profiles.set(name, parseProfile(name, definition))
  }
  return profiles
}

/** @throws {PkiError} `unknown_profile` */
export function findProfile(profiles: Profiles, name: string): Profile {
  const profile = profiles.get(name)
  if (profile) return profile
  const known = [...profiles.keys()].sort()
  const message = `Cannot find profile: there is no ${JSON.stringify(name.slice(0, 80))}; use one of ${known.join(', ')}`
  throw new PkiError('unknown_profile', message, { profile: name.slice(0, 80), known })
}

function nameTaken(name: string): PkiError<'invalid_request'> {
  const message = 'has the name of a built-in profile; choose another'
  return new PkiError('invalid_request', `Cannot use profile "${name}": it ${message}`, {
    issues: [{ path: `profiles.${name}`, message }],
  })
}
