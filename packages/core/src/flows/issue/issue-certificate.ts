import { certificateInfo, type IssuedCertificate } from '../../steps/info/certificate-info.js'
import { newId, currentTime, type Deps } from '../../steps/deps.js'
import { checkPermission } from '../../steps/access/check-permission.js'
import { permittedProfile } from '../../steps/access/permitted-profile.js'
import { findReplay } from '../../steps/idempotency/find-replay.js'
import { findIssuer } from '../../steps/issuer/find-issuer.js'
import { recordIssuance } from '../../steps/recording/record-issuance.js'
import { reserveIssuance } from '../../steps/recording/reserve-issuance.js'
import type { Caller } from '../../steps/stages.js'
import { assembleTbs } from '../../steps/tbs/assemble-tbs.js'
import { checkTbs } from '../../steps/tbs/check-tbs.js'
import { signCertificate } from '../../signing/sign-certificate.js'
import { applyProfile } from '../../rules/profile/apply-profile.js'
import { whileUnlocked } from '../while-unlocked.js'
import { chooseSubject } from './choose-subject.js'
import { issueClaim } from './issue-claim.js'
import { parseIssueRequest } from './issue-request.js'

export interface IssueOptions extends Caller {
  /** CSR mode only: 1 to 255 characters. The same request under the same key is answered once, for 24 hours. */
  readonly idempotencyKey?: string | undefined
}

/**
 * Issue a certificate. Everything that can be refused is refused before a serial number is spent; from the reservation
 * on, nothing signed goes unrecorded.
 *
 * @param input an `IssueRequest`; unknown, because it is parsed here
 */
export async function issueCertificate(
  input: unknown,
  options: IssueOptions,
  deps: Deps,
): Promise<IssuedCertificate> {
  const request = parseIssueRequest(input)
  const permitted = await checkPermission({ caId: request.caId, action: 'issue' }, options, deps.storage)
  const claim = issueClaim(request, options, permitted)
  const replay = await findReplay(claim, deps)
  if (replay !== undefined) return { certificate: certificateInfo(replay), replayed: true }

  const issuer = await findIssuer(permitted.ca, request.caPassphrase, deps)
  const profile = permittedProfile(request.profile, permitted, deps)
  const subject = await chooseSubject(request, profile, deps)
  const spec = applyProfile(profile, {
    ...subject,
    validityDays: request.validityDays,
    now: currentTime(deps),
    issuerValidity: issuer.certificate,
  })
  const checked = checkTbs(assembleTbs(spec, issuer, deps), issuer.chain)
  const intent = { id: newId(deps), caId: issuer.ca.id, kind: 'certificate', claim } as const
  const reserved = await reserveIssuance(checked, intent, deps)
  const signed = await signCertificate(reserved, issuer.identity, deps)
  const about = { spec, mode: request.mode, workspaceId: issuer.ca.workspaceId }
  const record = await recordIssuance(signed, about, permitted.principal, deps)

  await whileUnlocked(issuer, permitted.principal, deps)
  const { privateKeyPem } = subject
  return {
    certificate: certificateInfo(record),
    replayed: false,
    ...(privateKeyPem !== undefined && { privateKeyPem }),
  }
}
