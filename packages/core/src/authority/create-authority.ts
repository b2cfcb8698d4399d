import { platformCrypto } from '../crypto/platform.js'
import type { CryptoProvider } from '../crypto/provider.js'
import type { Clock } from '../ports/clock.js'
import type { CrlPublisher } from '../ports/crl-publisher.js'
import type { KeyCustody } from '../ports/key-custody.js'
import type { Random } from '../ports/random.js'
import type { Storage } from '../ports/storage.js'
import type { ProfileDefinition } from '../rules/profile/profile.js'
import { createProfiles, defaultProfileName, findProfile } from '../rules/profile/profiles.js'
import { certificateCache } from '../steps/certificate-cache.js'
import { isPartitionCount } from '../rules/revocation/list-scope.js'
import { crlCache } from '../steps/crl-cache.js'
import { ocspAnswerCache } from '../steps/ocsp-answer-cache.js'
import { keyUse } from '../steps/key-use.js'
import type { BackgroundFailure, CrlTimes, Deps, Settings } from '../steps/deps.js'
import { type Authority, authorityOver } from './authority.js'
import { systemClock, systemRandom } from './system.js'

export interface CreateAuthorityOptions {
  readonly storage: Storage
  readonly custody: KeyCustody
  /** Default: the platform's clock. */
  readonly clock?: Clock
  /** Default: the platform's generator. */
  readonly random?: Random
  /** Default: `node:crypto`, or WebCrypto where that is not there. */
  readonly crypto?: CryptoProvider
  /** Kinds of certificates beside the built-in ones, by name. */
  readonly profiles?: Readonly<Record<string, ProfileDefinition>>
  /** The profile of requests that name none. Default: `serverAndClientAuth`. */
  readonly defaultProfile?: string
  /**
   * Where relying parties reach CRLs, OCSP and issuer certificates: `baseUrl` + `/crl/…`, `/ocsp/…`, `/ca/…`, as
   * `@certwright/http` serves them. It is written into certificates, so it has to last as long as they do. Absent:
   * certificates do not say.
   */
  readonly distribution?: { readonly baseUrl: string }
  /** Told of what fails where no caller waits for it. It must not throw. Default: nobody is told. */
  readonly onBackgroundFailure?: (failure: BackgroundFailure) => void
  readonly crl?: CrlSchedule & {
    /** For CAs that have another schedule; what it leaves out is as for all. */
    readonly scheduleOf?: (ca: { readonly id: string; readonly name: string }) => CrlSchedule | undefined
    /**
     * Publish delta CRLs that live so long, 300 to 604,800; the complete list is then made on its schedule alone. Needs
     * `distribution`. Default: none.
     */
    readonly deltaValiditySeconds?: number
    /**
     * Split the list by serial number, into a power of two up to 256: each new certificate points to its part, and the
     * complete list goes on. Needs `distribution`. Default: not split.
     */
    readonly partitions?: number
    /** The least between two lists, however many revocations there are: 0 to 3,600. Default: 0. */
    readonly debounceSeconds?: number
    /** Where lists go besides the records. */
    readonly publisher?: CrlPublisher
  }
  readonly ocsp?: {
    /**
     * From thisUpdate to nextUpdate: 300 to 864,000 (ten days, the most of the Baseline Requirements §4.9.10). A signed
     * answer is given for half of that time, unless the status changes. Default: 3,600, an hour.
     */
    readonly validitySeconds?: number
    /**
     * Whether answers say since when the status of certificates is kept beyond their expiry (RFC 6960 §4.4.4): since the
     * CA began, for nothing is ever forgotten. Default: false.
     */
    readonly archiveCutoff?: boolean
  }
}

/** When lists are made anew, in seconds. */
export interface CrlSchedule {
  /** From thisUpdate to nextUpdate: 3,600 (an hour) to 31,536,000 (a year). Default: 604,800, a week. */
  readonly validitySeconds?: number
  /**
   * From one list to the next, where no revocation calls for it: 60 to the validity. What is left of that is the overlap,
   * in which a list that could not be published hurts nobody. Default: half of the validity.
   */
  readonly intervalSeconds?: number
}

const minute = 60
const hour = 60 * minute
const day = 24 * hour
const week = 7 * day
const year = 365 * day

/**
 * The composition root: a certificate authority over a store, a custody of keys, and nothing else.
 *
 * @throws {TypeError | RangeError} an option that cannot be honoured
 * @throws {PkiError} `invalid_request` | `unknown_profile`: a profile that is not valid, or not there
 */
export function createAuthority(options: CreateAuthorityOptions): Authority {
  const { storage, custody, clock = systemClock, random = systemRandom, crypto = platformCrypto } = options
  const settings = settingsOf(options)
  const deps: Deps = {
    storage,
    custody,
    clock,
    random,
    crypto,
    settings,
    certificates: certificateCache(),
    provenKeys: new Set(),
    publishing: new Map(),
    crls: crlCache(),
    keyUse: keyUse(),
    ocspAnswers: ocspAnswerCache(settings.ocspValiditySeconds),
  }
  return authorityOver(deps)
}

function settingsOf(options: CreateAuthorityOptions): Settings {
  const profiles = createProfiles(options.profiles)
  const { defaultProfile = defaultProfileName } = options
  findProfile(profiles, defaultProfile)
  const { ocsp } = options
  const baseUrl = options.distribution?.baseUrl
  return {
    profiles,
    defaultProfile,
    ...crlSettings(options),
    ocspValiditySeconds: secondsWithin('ocsp.validitySeconds', ocsp?.validitySeconds ?? hour, [
      minute * 5,
      day * 10,
    ]),
    ocspArchiveCutoff: ocsp?.archiveCutoff ?? false,
    ...(baseUrl !== undefined && { distributionUrl: distributionUrl(baseUrl) }),
    ...(options.onBackgroundFailure && { onBackgroundFailure: options.onBackgroundFailure }),
  }
}

function crlSettings({ crl = {}, distribution }: CreateAuthorityOptions) {
  const { scheduleOf, deltaValiditySeconds, partitions, debounceSeconds = 0, publisher } = crl
  const common = crlTimes('crl', crl)
  if (distribution === undefined && (deltaValiditySeconds ?? partitions) !== undefined) {
    throw new TypeError('crl: delta CRLs and partitions have addresses, so they need distribution.baseUrl')
  }
  if (partitions !== undefined && !isPartitionCount(partitions)) {
    throw new RangeError(`crl.partitions: expected a power of two from 2 to 256, got ${partitions}`)
  }
  return {
    crlSchedule: ({ id, name }: { readonly id: string; readonly name: string }) => {
      const own = scheduleOf?.({ id, name })
      return own === undefined ? common : crlTimes('crl.scheduleOf', { ...crl, ...own })
    },
    crlDebounceSeconds: secondsWithin('crl.debounceSeconds', debounceSeconds, [0, hour]),
    ...(deltaValiditySeconds !== undefined && {
      crlDeltaValiditySeconds: secondsWithin('crl.deltaValiditySeconds', deltaValiditySeconds, [
        minute * 5,
        week,
      ]),
    }),
    ...(partitions !== undefined && { crlPartitions: partitions }),
    ...(publisher !== undefined && { crlPublisher: publisher }),
  }
}

function crlTimes(option: string, { validitySeconds = week, intervalSeconds }: CrlSchedule): CrlTimes {
  const validity = secondsWithin(`${option}.validitySeconds`, validitySeconds, [hour, year])
  if (intervalSeconds === undefined) return { validity, interval: validity / 2 }
  const interval = secondsWithin(`${option}.intervalSeconds`, intervalSeconds, [minute, validity])
  return { validity, interval }
}

function secondsWithin(name: string, seconds: number, [from, to]: readonly [number, number]): number {
  if (Number.isInteger(seconds) && seconds >= from && seconds <= to) return seconds
  throw new RangeError(`${name}: expected ${from} to ${to}, got ${seconds}`)
}

/** RFC 5280 §8: an HTTPS URL may need the very CRL that it points to, so only http is taken. */
function distributionUrl(baseUrl: string): string {
  const isPlain =
    /^http:\/\/[\x21-\x7e]{1,200}$/.test(baseUrl) && URL.canParse(baseUrl) && !/[?#]/.test(baseUrl)
  if (!isPlain) {
    throw new TypeError(
      'distribution.baseUrl: expected a URL that begins with http:// and has no query, as RFC 5280 §8 advises',
    )
  }
  return baseUrl.replace(/\/+$/, '')
}
