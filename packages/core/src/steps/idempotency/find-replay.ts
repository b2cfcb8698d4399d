import { PkiError } from '../../errors/pki-error.js'
import type { CertificateRecord } from '../../ports/records.js'
import { replayedCertificateId } from '../../rules/idempotency/replay.js'
import { currentTime, type Deps } from '../deps.js'
import type { IdempotencyClaim } from '../stages.js'

/**
 * The certificate that this very request was answered with before, where it was.
 *
 * @throws {PkiError} `idempotency_mismatch` | `idempotency_in_progress`
 */
export async function findReplay(
  claim: IdempotencyClaim | undefined,
  deps: Deps,
): Promise<CertificateRecord | undefined> {
  if (claim === undefined) return undefined
  const record = await deps.storage.findIdempotencyRecord(claim, currentTime(deps))
  if (record === undefined) return undefined
  const certificateId = replayedCertificateId(record, claim)
  const certificate = await deps.storage.findCertificate(certificateId)
  if (certificate === undefined) {
    const state = `the certificate ${certificateId} of an answered request is missing from the store`
    throw new PkiError('storage_unavailable', `Cannot repeat request: ${state}`, { retryable: false })
  }
  return certificate
}
