import * as z from 'zod/mini'
import { parsePlainData } from '../../encoding/plain-data.js'
import { PkiError } from '../../errors/pki-error.js'
import { caCertificateProfile } from '../../rules/profile/profiles.js'
import { requireOperator } from '../../steps/access/check-permission.js'
import { currentTime, type Deps } from '../../steps/deps.js'
import { type CertificateInfo, certificateInfo } from '../../steps/info/certificate-info.js'
import { recordArchival } from '../../steps/recording/record-archival.js'
import type { Caller } from '../../steps/stages.js'

export interface ArchiveRequest {
  /** Two days ago or earlier: until then a request under an idempotency key may be answered with the certificate again. */
  readonly expiredBefore: Date
}

const schema = z.strictObject({ expiredBefore: z.date() }) as z.ZodMiniType<ArchiveRequest>

const action = 'Cannot archive certificates'

/** The answer of an idempotency key lives for a day (rules/idempotency/replay.ts), and clocks differ. */
const leastAgeDays = 2
const dayMilliseconds = 86_400_000

/** A few megabytes, and a transaction that a database is glad to take. */
const batchSize = 1000

/**
 * Hand the certificates that have expired to the host, in batches of a thousand at most, and forget each batch when the next
 * one is asked for: what the body of the loop does with a batch is done by then. A loop that is left, or throws, leaves its
 * last batch where it is, so that a call which is cut off is made again and goes on; a batch may then come twice.
 *
 * What is forgotten is the record. That the serial number was used, and whether and when it was revoked, stays: CRLs and
 * OCSP say what they said. Certificates of CAs are never archived.
 *
 * @param input an `ArchiveRequest`; unknown, because it is parsed here
 * @throws {PkiError} `invalid_request` | `permission_denied`: only the operator may
 */
export async function* archiveExpired(
  input: unknown,
  caller: Caller,
  deps: Deps,
): AsyncGenerator<readonly CertificateInfo[], void, undefined> {
  const { expiredBefore } = parseArchiveRequest(input, currentTime(deps))
  const principal = requireOperator(caller, 'archive certificates')
  const filter = { expiredBefore, exceptProfile: caCertificateProfile }
  for (;;) {
    const records = await deps.storage.listExpiredCertificates(filter, batchSize)
    if (records.length === 0) return
    yield records.map(certificateInfo)
    // Another archiver has taken all of them: it goes on with the rest.
    if ((await recordArchival(records, principal, deps)) === 0) return
  }
}

function parseArchiveRequest(input: unknown, now: Date): ArchiveRequest {
  const request = parsePlainData(schema, input, { action })
  const latest = new Date(now.getTime() - leastAgeDays * dayMilliseconds)
  if (request.expiredBefore <= latest) return request
  const message = `must be ${latest.toISOString()} or earlier, ${leastAgeDays} days ago`
  throw new PkiError('invalid_request', `${action}: expiredBefore ${message}`, {
    issues: [{ path: 'expiredBefore', message }],
  })
}
