import { digestSync } from '../../crypto/digest.js'
import { utf8Encode } from '../../encoding/bytes.js'
import { hexEncode } from '../../encoding/hex.js'
import type { IdempotencyRecord } from '../../ports/records.js'
import type { StorageTransaction } from '../../ports/storage.js'
import { currentTime, type Deps, newId } from '../deps.js'
import { transact } from './transact.js'

/** A claim that several processes compete for, one of them at a time. It is an idempotency record of nobody's request. */
export interface Lease {
  readonly job: string
  /** A process that dies keeps the others waiting for so long. */
  readonly liveUntil: Date
}

/**
 * Do a job that many processes have, unless another one does it now.
 *
 * @returns `undefined`: another one does
 */
export async function underLease<T>(
  lease: Lease,
  work: () => Promise<T>,
  deps: Deps,
): Promise<T | undefined> {
  const claim = await takeLease(lease, async () => undefined, deps)
  if (claim === undefined) return undefined
  try {
    return await work()
  } finally {
    await transact(deps.storage, (tx) => tx.releaseIdempotencyKey(claim))
  }
}

/**
 * Take a lease, and write something with it.
 *
 * @returns `undefined`, and nothing is written: another one has it
 */
export function takeLease(
  { job, liveUntil }: Lease,
  andWrite: (tx: StorageTransaction) => Promise<void>,
  deps: Deps,
): Promise<IdempotencyRecord | undefined> {
  const key = keyOf(job)
  const claim: IdempotencyRecord = {
    ...key,
    requestHash: key.keyHash,
    certificateId: newId(deps),
    state: 'running',
    liveUntil,
  }
  return transact(deps.storage, async (tx) => {
    if ((await tx.claimIdempotencyKey(claim, currentTime(deps))) !== undefined) return undefined
    await andWrite(tx)
    return claim
  })
}

/** Whether somebody has it. */
export const isTaken = async ({ job }: Lease, deps: Deps): Promise<boolean> =>
  (await deps.storage.findIdempotencyRecord(keyOf(job), currentTime(deps))) !== undefined

const keyOf = (job: string): Pick<IdempotencyRecord, 'scope' | 'keyHash'> => ({
  scope: 'lease',
  keyHash: hexEncode(digestSync('SHA-256', utf8Encode(job))),
})
