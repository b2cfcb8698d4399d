import type { CrlReason } from '../../../x509/crl-reason.js'

/** What can be said of one certificate. */
export type RevocationStatus =
  | { readonly kind: 'good' }
  | { readonly kind: 'revoked'; readonly revokedAt: Date; readonly reason: CrlReason | undefined }
  /** `because`: what stood in the way, for a person. */
  | { readonly kind: 'unknown'; readonly because: string }

/** Which answers count. */
export interface RevocationSettings {
  readonly at: Date
  /** Oldest thisUpdate that is believed, whatever nextUpdate says; `undefined`: nextUpdate decides. */
  readonly maximumAgeSeconds: number | undefined
  /** Also refuse lists that break RFC 5280's rules for CRL issuers. */
  readonly strict: boolean
}

/** Whole seconds, as validity is compared. */
export const secondsOf = (time: Date): number => Math.floor(time.getTime() / 1000)

/** Why an answer is not current; `undefined`: it is. */
export function staleness(
  update: { readonly thisUpdate: Date; readonly nextUpdate: Date | undefined },
  { at, maximumAgeSeconds }: Pick<RevocationSettings, 'at' | 'maximumAgeSeconds'>,
): string | undefined {
  const now = secondsOf(at)
  const age = now - secondsOf(update.thisUpdate)
  if (age < 0) return `is from the future (thisUpdate ${update.thisUpdate.toISOString()})`
  if (update.nextUpdate !== undefined && now > secondsOf(update.nextUpdate)) {
    return `is out of date (nextUpdate ${update.nextUpdate.toISOString()})`
  }
  if (maximumAgeSeconds !== undefined && age > maximumAgeSeconds) return `is ${age} seconds old`
  return undefined
}

/** Bad news counts, whoever brings it; good news before none. */
export function worstOf(statuses: readonly RevocationStatus[]): RevocationStatus | undefined {
  for (const kind of ['revoked', 'good', 'unknown']) {
    const status = statuses.find((one) => one.kind === kind)
    if (status !== undefined) return status
  }
  return undefined
}
