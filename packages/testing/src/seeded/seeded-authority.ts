import { type Authority, createAuthority, type CreateAuthorityOptions, type Storage } from '@certwright/core'
import { memoryStorage } from '@certwright/memory'
import { forgeTime } from '../forge/fields/time-spec.js'
import { type ManualClock, manualClock } from './manual-clock.js'
import { seededCrypto } from './seeded-crypto.js'
import { seededCustody } from './seeded-custody.js'
import { seededRandom } from './seeded-random.js'

/** What of `createAuthority`'s options is data, so that it can be written down. */
export interface SeededSettings
  extends Pick<CreateAuthorityOptions, 'profiles' | 'defaultProfile' | 'distribution' | 'ocsp'> {
  readonly crl?: Omit<NonNullable<CreateAuthorityOptions['crl']>, 'scheduleOf' | 'publisher'>
}

export interface SeededAuthorityOptions {
  /** Decides every key, serial number, id and API key. */
  readonly seed: string
  /** What the clock begins with. Default: `forgeTime`. */
  readonly startedAt?: Date
  readonly settings?: SeededSettings
  /** An empty one. Default: in memory. */
  readonly storage?: Storage
}

/** An authority whose history depends on nothing but its seed, its clock and its calls. */
export interface SeededAuthority {
  readonly authority: Authority
  readonly clock: ManualClock
  readonly seed: string
  readonly startedAt: Date
  readonly settings: SeededSettings
}

/**
 * Make an authority for tests that compare bytes: the same calls at the same times give the same certificates, CRLs and
 * OCSP responses, on every machine and over every store.
 */
export function seededAuthority(options: SeededAuthorityOptions): SeededAuthority {
  const { seed, startedAt = forgeTime, settings = {}, storage = memoryStorage() } = options
  const clock = manualClock(startedAt)
  const authority = createAuthority({
    ...settings,
    storage,
    clock,
    custody: seededCustody(seed),
    random: seededRandom(seed),
    crypto: seededCrypto(seed),
  })
  return { authority, clock, seed, startedAt, settings }
}
