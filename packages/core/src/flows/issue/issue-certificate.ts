import { signCertificate } from '../../signing/sign-certificate.js'
import { checkIssuePermission } from '../../steps/access/check-permission.js'
import { type Deps, newId } from '../../steps/deps.js'
import { findReplay } from '../../steps/idempotency/find-replay.js'
import {
  certificateInfo,
  issuedCertificate,
  type IssuedCertificate,
} from '../../steps/info/certificate-info.js'
import { findIssuer } from '../../steps/issuer/find-issuer.js'
import { recordIssuance } from '../../steps/recording/record-issuance.js'
import { reserveIssuance } from '../../steps/recording/reserve-issuance.js'
import { type HostTransaction, requireJoinable } from '../../steps/recording/transact.js'
import type { Caller } from '../../steps/stages.js'
import { whileUnlocked } from '../while-unlocked.js'
import { issueClaim } from './issue-claim.js'
import { parseIssueRequest } from './issue-request.js'
import { prepareIssuance } from './prepare-issuance.js'

export interface IssueOptions extends Caller {
  /** CSR mode only: 1 to 255 characters. The same request under the same key is answered once, for 24 hours. */
  readonly idempotencyKey?: string | undefined
  /**
   * A transaction of the host's with the same database, in the form that the storage adapter names: the certificate is
   * recorded in it, and exists if it commits. Where it does not, the serial number stays known and can be revoked.
   */
  readonly tx?: HostTransaction | undefined
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
  requireJoinable(options.tx, deps.storage)
  const permitted = await checkIssuePermission(request.caId, options, deps.storage)
  const claim = await issueClaim(request, options, permitted, deps)
  const replay = await findReplay(claim, deps)
  if (replay !== undefined) return { certificate: certificateInfo(replay), replayed: true }

  const issuer = await findIssuer(permitted.lineage, request.caPassphrase, deps)
  const { spec, subject, checked } = await prepareIssuance(request, permitted, issuer, deps)
  const intent = { id: newId(deps), caId: issuer.ca.id, kind: 'certificate', claim } as const
  const reserved = await reserveIssuance(checked, intent, deps)
  const signed = await signCertificate(reserved, issuer.identity, deps)
  const issuance = { signed, spec, mode: request.mode, workspaceId: issuer.ca.workspaceId }
  const record = await recordIssuance(issuance, permitted.principal, options.tx, deps)

  await whileUnlocked(issuer, permitted.principal, deps)
  return issuedCertificate(record, subject)
}
