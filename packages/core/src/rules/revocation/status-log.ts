import type { Revocation } from '../../ports/records.js'
import { type CrlReason } from '../../x509/crl-reason.js'
import { readRevokedCertificate } from '../../x509/revoked-certificate.js'
import { stateAfter } from './transitions.js'

/*
 * The status log is append-only and has two times. An entry is known from `revokedAt` on, when it was written; what it
 * says holds from its invalidity date on, which may lie before that (RFC 5280 §5.3.2): a key that was stolen in May is
 * not good in June because the theft was noticed in July. Without an invalidity date the two are one.
 */

/** What is, or was, known of one serial number. */
export type CertificateStatus =
  | { readonly kind: 'good' }
  /** The CA has no certificate with this serial number. */
  | { readonly kind: 'unknown' }
  | {
      readonly kind: 'held' | 'revoked'
      readonly reason: CrlReason
      /** From when on; it may lie before `revokedAt`. */
      readonly since: Date
      /** When it became known: the revocation date of the CRL. */
      readonly revokedAt: Date
    }

/** Inclusive, both: an entry counts from its own second on. */
export interface StatusTime {
  /** The time that is asked about. */
  readonly at: Date
  /** What was known then is told; later entries do not count. */
  readonly knownAt: Date
}

/**
 * The status of a serial number at a time, as far as known at another. Of the entries that speak of that time the one
 * that was written last counts.
 *
 * @param entries of one serial number, in the order in which they were written
 */
export function statusAsKnownAt(
  entries: readonly Revocation[],
  { at, knownAt }: StatusTime,
): CertificateStatus {
  const known = entries.filter(({ revokedAt }) => revokedAt <= knownAt).map(withEffect)
  const last = known.filter(({ since }) => since <= at).at(-1)
  if (last === undefined) return { kind: 'good' }
  const state = stateAfter(last.entry.reason)
  if (state === 'good') return { kind: 'good' }
  return { kind: state, reason: last.entry.reason, since: last.since, revokedAt: last.entry.revokedAt }
}

function withEffect(entry: Revocation): { readonly entry: Revocation; readonly since: Date } {
  return { entry, since: readRevokedCertificate(entry.entryDer).invalidityDate ?? entry.revokedAt }
}

/**
 * The entries of a full CRL of a moment: of each serial number the last that was written by then, unless it ended a hold.
 *
 * @param log of one CA, in the order in which it was written
 */
export function crlEntriesAt(log: Iterable<Revocation>, at: Date): readonly Revocation[] {
  const last = new Map<string, Revocation>()
  for (const entry of log) {
    if (entry.revokedAt > at) continue
    // Anew at the end: the order of a list is that of the last entries.
    last.delete(entry.serialNumber)
    last.set(entry.serialNumber, entry)
  }
  return [...last.values()].filter(({ reason }) => reason !== 'removeFromCRL')
}
