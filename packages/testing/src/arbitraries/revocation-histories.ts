import * as fc from 'fast-check'
import type { CrlReason } from '@certwright/core'
import { daysFrom, forgeTime } from '../forge/fields/time-spec.js'
import { forgeCa, type ForgedCertificate, forgeEndEntity } from '../forge/forge-certificate.js'
import { type CrlEntrySpec, forgeCrl } from '../forge/forge-crl.js'
import { forgeOcspResponse } from '../forge/forge-ocsp-response.js'

/** What happened to the certificates of one CA, day by day, with what the CA said of it each day. */
export interface RevocationHistory {
  readonly issuer: ForgedCertificate
  readonly certificates: readonly ForgedCertificate[]
  readonly days: readonly RevocationDay[]
}

export interface RevocationDay {
  /** Of the list and the responses: they are current for seven days. */
  readonly at: Date
  /** A complete CRL, DER. */
  readonly crl: Uint8Array
  /** One for each certificate, DER. */
  readonly ocspResponses: readonly Uint8Array[]
  /** What a relying party has to find on this day, for each certificate. */
  readonly statuses: readonly ('good' | 'revoked')[]
}

/** A hold can be lifted; every other revocation is for good (RFC 5280 §5.3.1). */
type RevocationStep =
  | { readonly kind: 'revoke'; readonly certificate: number; readonly reason: CrlReason }
  | { readonly kind: 'release'; readonly certificate: number }
  | { readonly kind: 'nothing' }

const certificateCount = 3

const step = (): fc.Arbitrary<RevocationStep> => {
  const certificate = fc.nat(certificateCount - 1)
  return fc.oneof(
    { withCrossShrink: true },
    fc.constant<RevocationStep>({ kind: 'nothing' }),
    fc.record({
      kind: fc.constant('revoke' as const),
      certificate,
      reason: fc.constantFrom<CrlReason>('keyCompromise', 'superseded', 'cessationOfOperation'),
    }),
    fc.record({
      kind: fc.constant('revoke' as const),
      certificate,
      reason: fc.constant<CrlReason>('certificateHold'),
    }),
    fc.record({ kind: fc.constant('release' as const), certificate }),
  )
}

type Entry = CrlEntrySpec & { readonly revocationDate: Date; readonly reason: CrlReason }

/** One to eight days. Shrinks towards one on which nothing happened. */
export const revocationHistory = (): fc.Arbitrary<RevocationHistory> =>
  fc.array(step(), { minLength: 1, maxLength: 8 }).map(historyOf)

function historyOf(steps: readonly RevocationStep[]): RevocationHistory {
  const issuer = forgeCa({ subject: 'History CA' })
  const certificates = Array.from({ length: certificateCount }, (_, number) =>
    forgeEndEntity({ issuer, names: [`host${number}.example.org`], serialNumber: 100 + number }),
  )
  const revoked = new Map<number, Entry>()
  const days = steps.map((happened, day): RevocationDay => {
    const at = daysFrom(forgeTime, day)
    record(revoked, happened, at)
    return {
      at,
      crl: forgeCrl({
        issuer,
        number: day + 1,
        thisUpdate: at,
        nextUpdate: daysFrom(at, 7),
        entries: [...revoked.values()],
      }).der,
      ocspResponses: certificates.map(({ serialNumber }, number) => {
        const entry = revoked.get(number)
        const status =
          entry === undefined ? 'good' : { revokedAt: entry.revocationDate, reason: entry.reason }
        return forgeOcspResponse({
          responder: issuer,
          producedAt: at,
          responses: [{ issuer, serialNumber, status, thisUpdate: at, nextUpdate: daysFrom(at, 7) }],
        })
      }),
      statuses: certificates.map((_, number) => (revoked.has(number) ? 'revoked' : 'good')),
    }
  })
  return { issuer, certificates, days }
}

function record(revoked: Map<number, Entry>, happened: RevocationStep, at: Date): void {
  if (happened.kind === 'nothing') return
  const { certificate } = happened
  const known = revoked.get(certificate)
  if (happened.kind === 'release') {
    if (known?.reason === 'certificateHold') revoked.delete(certificate)
    return
  }
  const { reason } = happened
  if (known !== undefined && (known.reason !== 'certificateHold' || reason === 'certificateHold')) return
  revoked.set(certificate, { serialNumber: 100 + certificate, revocationDate: at, reason })
}
