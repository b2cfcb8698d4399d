import { toWholeSeconds } from '../../asn1/time.js'
import { PkiError } from '../../errors/pki-error.js'
import type { CertificateRecord } from '../../ports/records.js'
import { caCertificateProfile } from '../../rules/profile/profiles.js'
import {
  checkTransition,
  revocationState,
  type RevocationSubject,
  type StatusChange,
} from '../../rules/revocation/transitions.js'
import { checkCertificatePermission, requireOperator } from '../../steps/access/check-permission.js'
import { currentTime, type Deps } from '../../steps/deps.js'
import { type CertificateInfo, certificateInfo } from '../../steps/info/certificate-info.js'
import { unlockIssuer } from '../../steps/issuer/find-issuer.js'
import { recordRevocation } from '../../steps/recording/record-revocation.js'
import { transitionRefused } from '../../steps/revocation/transition-refused.js'
import type { Caller } from '../../steps/stages.js'
import { type ListNews, listNews } from '../../steps/lists/list-news.js'
import { whileUnlocked } from '../while-unlocked.js'
import { parseReleaseHoldRequest, parseRevokeRequest } from './revoke-request.js'

/** A certificate whose status has just changed. */
export interface ChangedCertificate extends CertificateInfo {
  readonly crl: ListNews
}

/**
 * Revoke a certificate: one small transaction, whatever the length of the CRL, and visible at once to OCSP and to the
 * next CRL. An expired certificate and one of a revoked CA can be revoked too.
 *
 * @param input a `RevokeRequest`; unknown, because it is parsed here
 * @throws {PkiError} `invalid_request` | `certificate_not_found` | `permission_denied` | `already_revoked` |
 *   `transition_refused` | `passphrase_required` | `wrong_passphrase`
 */
export const revokeCertificate = async (
  input: unknown,
  caller: Caller,
  deps: Deps,
): Promise<ChangedCertificate> => {
  const { reason, ...request } = parseRevokeRequest(input)
  return changeStatus(request, reason, caller, deps)
}

/**
 * End the hold of a certificate: it is good again, at once for OCSP and in the next CRL. A delta CRL says so with
 * removeFromCRL (RFC 5280 §5.3.1).
 *
 * @param input a `ReleaseHoldRequest`; unknown, because it is parsed here
 * @throws {PkiError} as `revokeCertificate`; `transition_refused`: it is not on hold
 */
export const releaseHold = async (input: unknown, caller: Caller, deps: Deps): Promise<ChangedCertificate> =>
  changeStatus(parseReleaseHoldRequest(input), 'removeFromCRL', caller, deps)

interface StatusRequest {
  readonly certificateId: string
  readonly invalidityDate?: Date | undefined
  readonly caPassphrase?: string | undefined
}

async function changeStatus(
  request: StatusRequest,
  change: StatusChange,
  caller: Caller,
  deps: Deps,
): Promise<ChangedCertificate> {
  const asked = { certificateId: request.certificateId, action: 'revoke' } as const
  const { certificate, ca, principal } = await checkCertificatePermission(asked, caller, deps.storage)
  if (certificate.profile === caCertificateProfile) requireOperator(caller, 'revoke CA certificate')
  const state = revocationState(certificate)
  const verdict = checkTransition({ subject: subjectOf(certificate, deps), state }, change)
  if (!verdict.ok) throw transitionRefused({ ...certificate, state }, verdict)
  const revokedAt = currentTime(deps)
  const invalidityDate = checkedInvalidityDate(request.invalidityDate, revokedAt)
  const issuer = await unlockIssuer(ca, request.caPassphrase, deps)

  const { caId, serialNumber, notAfter, id, workspaceId } = certificate
  const entry = { caId, serialNumber, notAfter, revokedAt, reason: change, invalidityDate }
  const type = verdict.to === 'good' ? 'certificate.hold_ended' : 'certificate.revoked'
  const subject = { id, workspaceId, type, replacesHold: state === 'held' } as const
  if (!(await recordRevocation(entry, subject, principal, deps))) throw lostRace(certificate.id, revokedAt)

  await whileUnlocked(issuer, principal, deps)
  const changed = marked(certificate, verdict.to === 'good' ? undefined : { revokedAt, change })
  return { ...certificateInfo(changed), crl: await listNews(certificate, deps) }
}

function subjectOf({ profile }: CertificateRecord, deps: Deps): RevocationSubject {
  if (profile === caCertificateProfile) return 'ca'
  // A profile that the host no longer has allows nothing.
  return deps.settings.profiles.get(profile)?.suspension === true ? 'certificate' : 'unsuspendable'
}

function checkedInvalidityDate(date: Date | undefined, now: Date): Date | undefined {
  if (date === undefined || date <= now) return date && toWholeSeconds(date)
  const message = 'must not lie in the future'
  throw new PkiError('invalid_request', `Cannot revoke certificate: invalidityDate ${message}`, {
    issues: [{ path: 'invalidityDate', message }],
  })
}

function marked(
  certificate: CertificateRecord,
  revocation: { readonly revokedAt: Date; readonly change: StatusChange } | undefined,
): CertificateRecord {
  const { revokedAt: _revokedAt, revocationReason: _reason, ...good } = certificate
  if (revocation === undefined) return good
  return { ...good, revokedAt: revocation.revokedAt, revocationReason: revocation.change }
}

function lostRace(certificateId: string, revokedAt: Date): PkiError<'already_revoked'> {
  const message = 'Cannot revoke certificate: somebody else has just changed its status'
  return new PkiError('already_revoked', message, { certificateId, revokedAt })
}
