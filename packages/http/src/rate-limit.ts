import { RateLimiterMemory } from 'rate-limiter-flexible'
import { HttpError } from './errors/http-error.js'

export interface RateLimitOptions {
  /** Requests a minute and credential, issuing and renewing aside. Default: 600. */
  readonly generalPerMinute?: number
  /** Issue and renew requests a minute and credential: they cost a key pair or a signature. Default: 120. */
  readonly issuePerMinute?: number
  /** Requests a minute and address to what needs no credential: CRL, OCSP, CA certificates, documents. Default: 6,000. */
  readonly publicPerMinute?: number
  /** Refused credentials a minute and address; more get 429, valid ones are not touched by it. Default: 60. */
  readonly refusedPerMinute?: number
  /**
   * Where the counts of credentials and of refused ones are kept. Default: in this process; several processes want a
   * shared store. What needs no credential is counted in this process all the same: it is answered from a cache, and a
   * write for each OCSP request would cost more than the answer.
   */
  readonly store?: RateLimitStore
}

/** Counts in fixed windows of one minute. */
export interface RateLimitStore {
  /** Count one request under `key` and tell the state of its window. */
  hit(key: string): Promise<RateLimitWindow>
}

export interface RateLimitWindow {
  readonly count: number
  readonly resetMilliseconds: number
}

export type Bucket = 'general' | 'issue' | 'public' | 'refused'

/** A limit that an extension brings. */
interface OwnLimit {
  readonly name: string
  readonly perMinute: number
}

export interface RateLimits {
  /**
   * Count one request and give back the `RateLimit-*` headers of its answer.
   *
   * @throws {HttpError} `rate_limited`
   */
  count(bucket: Bucket | OwnLimit, who: string): Promise<Readonly<Record<string, string>>>
}

export const noRateLimits: RateLimits = {
  count: async () => ({}),
}

/** @throws {RangeError} a limit is no positive whole number */
export function rateLimits(options: RateLimitOptions): RateLimits {
  const limits: Readonly<Record<Bucket, number>> = {
    general: options.generalPerMinute ?? 600,
    issue: options.issuePerMinute ?? 120,
    public: options.publicPerMinute ?? 6_000,
    refused: options.refusedPerMinute ?? 60,
  }
  for (const [bucket, limit] of Object.entries(limits)) requireLimit(bucket, limit)
  const local = memoryStore()
  const shared = options.store ?? local
  return {
    async count(bucket, who) {
      const { name, perMinute } =
        typeof bucket === 'string' ? { name: bucket, perMinute: limits[bucket] } : bucket
      const store = bucket === 'public' ? local : shared
      const window = await store.hit(`${name}:${who}`)
      const headers = headersOf(perMinute, window)
      if (window.count > perMinute) throw tooMany(window, headers)
      return headers
    },
  }
}

/** @throws {RangeError} */
export function requireLimit(name: string, perMinute: number): void {
  if (Number.isSafeInteger(perMinute) && perMinute >= 1) return
  throw new RangeError(
    `Cannot limit requests: the limit for ${name} requests must be a positive whole number`,
  )
}

function memoryStore(): RateLimitStore {
  // `points` is not used: `penalty` counts without a verdict, which is taken above for every store alike.
  const limiter = new RateLimiterMemory({ points: 1, duration: 60 })
  return {
    async hit(key) {
      const { consumedPoints, msBeforeNext } = await limiter.penalty(key)
      return { count: consumedPoints, resetMilliseconds: msBeforeNext }
    },
  }
}

function headersOf(limit: number, window: RateLimitWindow): Record<string, string> {
  return {
    'ratelimit-limit': String(limit),
    'ratelimit-remaining': String(Math.max(0, limit - window.count)),
    'ratelimit-reset': String(secondsUntilReset(window)),
  }
}

function tooMany(window: RateLimitWindow, headers: Readonly<Record<string, string>>): HttpError {
  const seconds = secondsUntilReset(window)
  return new HttpError('rate_limited', `Cannot take more requests now: wait ${seconds} seconds`, {
    ...headers,
    'retry-after': String(seconds),
  })
}

const secondsUntilReset = (window: RateLimitWindow): number =>
  Math.max(1, Math.ceil(window.resetMilliseconds / 1000))
