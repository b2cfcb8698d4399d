import type { Certificate } from '../../../x509/certificate.js'
import type { CertificateRevocationList } from '../../../x509/certificate-revocation-list.js'
import type { CrlReason } from '../../../x509/crl-reason.js'
import type { BasicOcspResponse } from '../../../x509/ocsp-basic-response.js'
import type { Asking } from '../questions.js'

/** What can be said of one certificate. */
export type RevocationStatus =
  | { readonly kind: 'good' }
  | { readonly kind: 'revoked'; readonly revokedAt: Date; readonly reason: CrlReason | undefined }
  /** `because`: the last thing that stood in the way, for a person. */
  | { readonly kind: 'unknown'; readonly because: string }

/** What is at hand to find out. */
export interface RevocationSources {
  readonly crls: readonly CertificateRevocationList[]
  readonly ocspResponses: readonly BasicOcspResponse[]
}

export interface RevocationContext {
  readonly at: Date
  /** Oldest thisUpdate that is believed, whatever nextUpdate says; `undefined`: nextUpdate decides. */
  readonly maximumAgeSeconds: number | undefined
  /** Also refuse lists that break RFC 5280's rules for CRL issuers. */
  readonly strict: boolean
  /** Certificates whose subject is this, from the path and from what else is known: where CRL issuers are looked for. */
  readonly certificatesOf: (subject: Certificate['subject']) => readonly Certificate[]
  /**
   * Whether a CRL issuer has a valid path to the anchor of the path that is validated (§6.3.3 (f)). Absent: all that are
   * found are trusted.
   */
  readonly hasPath?: (crlIssuer: Certificate) => Asking<boolean>
}

/** Whole seconds, as validity is compared. */
export const secondsOf = (time: Date): number => Math.floor(time.getTime() / 1000)

/** Why an answer is not current; `undefined`: it is. */
export function staleness(
  update: { readonly thisUpdate: Date; readonly nextUpdate: Date | undefined },
  { at, maximumAgeSeconds }: Pick<RevocationContext, 'at' | 'maximumAgeSeconds'>,
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
