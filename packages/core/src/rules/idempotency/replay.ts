import { PkiError } from '../../errors/pki-error.js'
import type { IdempotencyRecord } from '../../ports/records.js'

/** A request that is answered holds its key this long, as the REST API documents. */
export const answerLifetimeSeconds = 24 * 60 * 60

/**
 * A request that runs holds its key this long: longer than any signature takes, shorter than a person waits before they
 * ask why the retry after a crash is refused.
 */
export const runningLeaseSeconds = 120

/** What to tell a client that asks again while the first request runs. */
const retryAfterSeconds = 2

/**
 * The certificate with which a request is answered again, where its key is in use.
 *
 * @throws {PkiError} `idempotency_mismatch`: the key was used for another request
 * @throws {PkiError} `idempotency_in_progress`: the first request still runs
 */
export function replayedCertificateId(
  record: IdempotencyRecord,
  claim: { readonly requestHash: string },
): string {
  if (record.requestHash !== claim.requestHash) {
    throw new PkiError(
      'idempotency_mismatch',
      'Cannot repeat request: this idempotency key was used with another request; choose a new key',
      {},
    )
  }
  if (record.state === 'running') throw inProgress()
  return record.certificateId
}

export const inProgress = (): PkiError<'idempotency_in_progress'> =>
  new PkiError(
    'idempotency_in_progress',
    `Cannot repeat request: the first request with this idempotency key still runs; try again in ${retryAfterSeconds} seconds`,
    { retryAfterSeconds },
  )
