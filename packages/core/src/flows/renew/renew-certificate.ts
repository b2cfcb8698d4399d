import { PkiError } from '../../errors/pki-error.js'
import type { CertificateRecord } from '../../ports/records.js'
import { applyProfile } from '../../rules/profile/apply-profile.js'
import { signCertificate } from '../../signing/sign-certificate.js'
import { checkRenewPermission } from '../../steps/access/check-permission.js'
import { permittedProfile } from '../../steps/access/permitted-profile.js'
import { currentTime, type Deps, newId } from '../../steps/deps.js'
import { findReplay } from '../../steps/idempotency/find-replay.js'
import {
  certificateInfo,
  issuedCertificate,
  type IssuedCertificate,
} from '../../steps/info/certificate-info.js'
import { chainValidity } from '../../steps/issuer/chain-validity.js'
import { findIssuer } from '../../steps/issuer/find-issuer.js'
import { recordIssuance } from '../../steps/recording/record-issuance.js'
import { reserveIssuance } from '../../steps/recording/reserve-issuance.js'
import { type HostTransaction, requireJoinable } from '../../steps/recording/transact.js'
import type { Caller } from '../../steps/stages.js'
import { assembleTbs } from '../../steps/tbs/assemble-tbs.js'
import { checkTbs } from '../../steps/tbs/check-tbs.js'
import { whileUnlocked } from '../while-unlocked.js'
import { renewClaim } from './renew-claim.js'
import { parseRenewRequest } from './renew-request.js'
import { renewalDays } from './renewal-days.js'
import { renewedSubject } from './renewed-subject.js'

export interface RenewOptions extends Caller {
  /** With a CSR only; else as for `issue`. */
  readonly idempotencyKey?: string | undefined
  /** As for `issue`. */
  readonly tx?: HostTransaction | undefined
}

/**
 * Issue a certificate with the properties of an existing one, and a new key. The old one stays as it is: valid until it
 * expires or is revoked. An expired one can be renewed; a revoked one cannot.
 *
 * @param input a `RenewRequest`; unknown, because it is parsed here
 */
export async function renewCertificate(
  input: unknown,
  options: RenewOptions,
  deps: Deps,
): Promise<IssuedCertificate> {
  const request = parseRenewRequest(input)
  requireJoinable(options.tx, deps.storage)
  const permitted = await checkRenewPermission(request.certificateId, options, deps.storage)
  const old = permitted.certificate
  const claim = await renewClaim(request, options, permitted, deps)
  const replay = await findReplay(claim, deps)
  if (replay !== undefined) return { certificate: certificateInfo(replay), replayed: true }

  refuseRevoked(old)
  const issuer = await findIssuer(permitted.lineage, request.caPassphrase, deps)
  const profile = permittedProfile(old.profile, permitted, deps)
  const subject = await renewedSubject(old, request.csrPem, profile, deps)
  const now = currentTime(deps)
  const limits = { profile, issuerNotAfter: issuer.certificate.notAfter, now }
  const spec = applyProfile(profile, {
    validityDays: request.validityDays ?? renewalDays(old, limits),
    ...subject,
    now,
    issuerValidity: chainValidity(issuer.chain),
  })
  const checked = checkTbs(assembleTbs(spec, issuer, deps), issuer)
  const intent = { id: newId(deps), caId: issuer.ca.id, kind: 'certificate', claim } as const
  const reserved = await reserveIssuance(checked, intent, deps)
  const signed = await signCertificate(reserved, issuer.identity, deps)
  const issuance = { signed, spec, mode: old.mode, workspaceId: old.workspaceId, renewedFrom: old.id }
  const record = await recordIssuance(issuance, permitted.principal, options.tx, deps)

  await whileUnlocked(issuer, permitted.principal, deps)
  return issuedCertificate(record, subject)
}

/** Whoever lost the right to a certificate must not get it back by renewing it. */
function refuseRevoked(old: CertificateRecord): void {
  if (old.revokedAt === undefined) return
  const state = `it was revoked at ${old.revokedAt.toISOString()}; issue a new one instead`
  throw new PkiError('already_revoked', `Cannot renew certificate: ${state}`, {
    certificateId: old.id,
    revokedAt: old.revokedAt,
  })
}
