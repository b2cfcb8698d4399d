import type { CryptoProvider } from '../crypto/provider.js'
import { uuidFrom } from '../encoding/uuid.js'
import type { Clock } from '../ports/clock.js'
import type { CrlPublisher } from '../ports/crl-publisher.js'
import type { KeyCustody } from '../ports/key-custody.js'
import type { CaRecord, CrlRecord } from '../ports/records.js'
import type { Random } from '../ports/random.js'
import type { Storage } from '../ports/storage.js'
import type { Profile } from '../rules/profile/profile.js'
import { toWholeSeconds } from '../asn1/time.js'
import type { CertificateCache } from './certificate-cache.js'
import type { CrlCache } from './crl-cache.js'
import type { KeyUse } from './key-use.js'
import type { OcspAnswerCache } from './ocsp-answer-cache.js'

/** All that a flow is given from outside: the ports, and what the host has configured. */
export interface Deps {
  readonly storage: Storage
  readonly custody: KeyCustody
  readonly clock: Clock
  readonly random: Random
  readonly crypto: CryptoProvider
  readonly settings: Settings
  readonly certificates: CertificateCache
  /** The keys whose first signature was verified in this process: see signing/sign.ts. */
  readonly provenKeys: Set<string>
  /** Lists that are being published in this process, by CA and scope. */
  readonly publishing: Map<string, Promise<CrlRecord>>
  readonly crls: CrlCache
  readonly ocspAnswers: OcspAnswerCache
  readonly keyUse: KeyUse
}

export interface Settings {
  readonly profiles: ReadonlyMap<string, Profile>
  readonly defaultProfile: string
  /** Where CRLs, OCSP responses and issuer certificates are served, without a slash at the end. */
  readonly distributionUrl?: string
  readonly crlSchedule: (ca: Pick<CaRecord, 'id' | 'name'>) => CrlTimes
  /** Absent: there are no delta CRLs. */
  readonly crlDeltaValiditySeconds?: number
  /** Absent: certificates point to the complete list. */
  readonly crlPartitions?: number
  /** The least between two lists of a scope, however many revocations there are. */
  readonly crlDebounceSeconds: number
  readonly crlPublisher?: CrlPublisher
  /** From thisUpdate to nextUpdate. */
  readonly ocspValiditySeconds: number
  /** Whether OCSP tells that the status of expired certificates is kept (RFC 6960 §4.4.4). */
  readonly ocspArchiveCutoff: boolean
  readonly onBackgroundFailure?: (failure: BackgroundFailure) => void
}

/** When the complete list and the partitions of a CA are made anew, in seconds. */
export interface CrlTimes {
  /** From thisUpdate to nextUpdate. */
  readonly validity: number
  /** From one list to the next, where nothing else calls for it; what is left of the validity is the overlap. */
  readonly interval: number
}

/** Something failed that no caller waits for: the old list or responder stays in service, and the next use tries again. */
export type BackgroundFailure =
  | { readonly task: 'crl' | 'ocsp responder'; readonly caId: string; readonly error: unknown }
  /** `lastUsedAt` of an API key was not written. */
  | { readonly task: 'key use'; readonly apiKeyId: string; readonly error: unknown }

/** The time of an operation, cut to whole seconds as everything that is kept or signed. */
export const currentTime = (deps: Pick<Deps, 'clock'>): Date => toWholeSeconds(deps.clock.now())

export const newId = (deps: Pick<Deps, 'clock' | 'random'>): string =>
  uuidFrom(deps.clock.now(), deps.random.bytes(10))
