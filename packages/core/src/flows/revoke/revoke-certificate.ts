import { PkiError } from '../../errors/pki-error.js'
import { checkTransition, revocationState } from '../../rules/revocation/transitions.js'
import { checkCertificatePermission } from '../../steps/access/check-permission.js'
import { currentTime, type Deps } from '../../steps/deps.js'
import { type CertificateInfo, certificateInfo } from '../../steps/info/certificate-info.js'
import { unlockIssuer } from '../../steps/issuer/find-issuer.js'
import { recordRevocation } from '../../steps/recording/record-revocation.js'
import type { Caller } from '../../steps/stages.js'
import { whileUnlocked } from '../while-unlocked.js'
import { parseRevokeRequest } from './revoke-request.js'
import { transitionRefused } from '../../steps/revocation/transition-refused.js'

/**
 * Revoke a certificate: one small transaction, whatever the length of the CRL, and visible at once to OCSP and to the
 * next CRL. An expired certificate and one of a revoked CA can be revoked too.
 *
 * @param input a `RevokeRequest`; unknown, because it is parsed here
 * @throws {PkiError} `certificate_not_found` | `permission_denied` | `already_revoked` | `transition_refused` |
 *   `passphrase_required` | `wrong_passphrase`
 */
export async function revokeCertificate(
  input: unknown,
  caller: Caller,
  deps: Deps,
): Promise<CertificateInfo> {
  const request = parseRevokeRequest(input)
  const asked = { certificateId: request.certificateId, action: 'revoke' } as const
  const { certificate, ca, principal } = await checkCertificatePermission(asked, caller, deps.storage)
  const state = revocationState(certificate)
  const verdict = checkTransition({ subject: 'certificate', state }, request.reason)
  if (!verdict.ok) throw transitionRefused({ ...certificate, state }, verdict)
  const issuer = await unlockIssuer(ca, request.caPassphrase, deps)

  const revokedAt = currentTime(deps)
  const { caId, serialNumber, notAfter, id, workspaceId } = certificate
  const revocation = { caId, serialNumber, notAfter, revokedAt, reason: request.reason }
  const subject = { id, workspaceId, type: 'certificate.revoked', replacesHold: state === 'held' } as const
  if (!(await recordRevocation(revocation, subject, principal, deps)))
    throw lostRace(certificate.id, revokedAt)

  await whileUnlocked(issuer, principal, deps)
  return certificateInfo({ ...certificate, revokedAt, revocationReason: request.reason })
}

function lostRace(certificateId: string, revokedAt: Date): PkiError<'already_revoked'> {
  const message = 'Cannot revoke certificate: somebody else has just revoked it'
  return new PkiError('already_revoked', message, { certificateId, revokedAt })
}
