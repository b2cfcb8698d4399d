import { PkiError } from '../../errors/pki-error.js'
import type { Principal } from '../../rules/permission/principal.js'
import { checkTransition, revocationState, type SettableReason } from '../../rules/revocation/transitions.js'
import { checkPermission, requireOperator } from '../../steps/access/check-permission.js'
import { currentTime, type Deps } from '../../steps/deps.js'
import { type CaInfo, caInfo } from '../../steps/info/ca-info.js'
import {
  type CaCertificate,
  listCaCertificates,
  withCurrentCertificate,
} from '../../steps/issuer/ca-certificates.js'
import { unlockIssuer } from '../../steps/issuer/find-issuer.js'
import { recordRevocation } from '../../steps/recording/record-revocation.js'
import { transitionRefused } from '../../steps/revocation/transition-refused.js'
import type { Caller } from '../../steps/stages.js'
import { whileUnlocked } from '../while-unlocked.js'
import { parseRevokeCa } from './ca-requests.js'

/**
 * Revoke a CA. Nothing can be issued from it or below it any more; its CRL and OCSP go on. The entry stands on the CRL
 * of its issuer (of each, where it was cross-signed), a root's on its own: relying parties must take a root out of their trust stores themselves.
 *
 * @param input a `RevokeCaRequest`; unknown, because it is parsed here
 * @throws {PkiError} `invalid_request` | `ca_not_found` | `permission_denied` | `already_revoked` |
 *   `transition_refused` | `passphrase_required` | `wrong_passphrase`
 */
export async function revokeCa(input: unknown, caller: Caller, deps: Deps): Promise<CaInfo> {
  const { caId, reason = 'unspecified', caPassphrase } = parseRevokeCa(input)
  const principal = requireOperator(caller, 'revoke CA')
  const { ca } = await checkPermission({ caId, action: 'revoke' }, caller, deps.storage)
  const state = revocationState(ca)
  const verdict = checkTransition({ subject: 'ca', state }, reason)
  if (!verdict.ok) throw transitionRefused({ ...ca, state }, verdict)
  const issuerRecord = ca.parentCaId === undefined ? ca : await deps.storage.findCa(ca.parentCaId)
  const issuer = await unlockIssuer(issuerRecord ?? ca, caPassphrase, deps)

  const revokedAt = currentTime(deps)
  const certificates = await listCaCertificates(ca, deps)
  await revokeLater(certificates, { revokedAt, reason }, principal, deps)
  const { serialNumber, notAfter, workspaceId } = ca
  const revocation = { caId: issuer.ca.id, serialNumber, notAfter, revokedAt, reason }
  const subject = { id: ca.id, workspaceId, type: 'ca.revoked', replacesHold: false } as const
  if (!(await recordRevocation(revocation, subject, principal, deps))) {
    const message = `Cannot revoke: somebody else has just revoked CA "${ca.name}"`
    throw new PkiError('already_revoked', message, { certificateId: ca.id, revokedAt })
  }
  await whileUnlocked(issuer, principal, deps)
  const shown = withCurrentCertificate(ca, certificates)
  return caInfo({ ...shown, revokedAt, revocationReason: reason }, deps)
}

/**
 * The CA's re-issued and cross certificates, each on the CRL of who signed it, and before the CA itself: where a crash
 * comes between, the CA can be revoked again, which goes on with those that are left.
 */
async function revokeLater(
  certificates: readonly CaCertificate[],
  { revokedAt, reason }: { readonly revokedAt: Date; readonly reason: SettableReason },
  principal: Principal,
  deps: Deps,
): Promise<void> {
  for (const { record } of certificates) {
    if (record === undefined || record.revokedAt !== undefined) continue
    const { id, caId, serialNumber, notAfter, workspaceId } = record
    const revocation = { caId, serialNumber, notAfter, revokedAt, reason }
    const subject = { id, workspaceId, type: 'certificate.revoked', replacesHold: false } as const
    // False: somebody else has just revoked it.
    await recordRevocation(revocation, subject, principal, deps)
  }
}
