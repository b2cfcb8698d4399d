import * as z from 'zod/mini'
import { parsePlainData } from '../../encoding/plain-data.js'
import { requireOperator } from '../../steps/access/check-permission.js'
import { currentTime, type Deps } from '../../steps/deps.js'
import { type Garbage, recordCollection } from '../../steps/recording/record-collection.js'
import type { Caller } from '../../steps/stages.js'

export interface CollectGarbageRequest {
  /** How long a revoked or expired grant is shown before it is forgotten: 0 to 31,536,000; 30 days where absent. */
  readonly keepGrantsSeconds?: number
  /** How long a public client that nobody has granted anything may lie unused: 3,600 to 31,536,000; 7 days where absent. */
  readonly keepUnusedClientsSeconds?: number
}

export interface GarbageReport extends Garbage {
  /** False: there is more, and the next call goes on. */
  readonly isComplete: boolean
}

const daySeconds = 86_400
const yearSeconds = 365 * daySeconds

/** A registration in progress must not lose its client, so an unused one is left alone for an hour at least. */
const shortestUnusedSeconds = 3600

/** Rows of one transaction: some milliseconds, so that nobody waits for it. */
const batchSize = 500

/** 50,000 rows of each kind in one call: more than a timer that runs every minute ever finds. */
const maximumBatches = 100

const schema = z.strictObject({
  keepGrantsSeconds: z.optional(z.int().check(z.gte(0), z.lte(yearSeconds))),
  keepUnusedClientsSeconds: z.optional(z.int().check(z.gte(shortestUnusedSeconds), z.lte(yearSeconds))),
}) as z.ZodMiniType<CollectGarbageRequest>

/**
 * For a timer, in as many processes as there are: throw away what nobody can use any more. Tokens, codes and sessions
 * that have expired, grants that ended long ago, and public clients that registered and were never used.
 *
 * @throws {PkiError} `invalid_request` | `permission_denied`
 */
export async function collectGarbage(input: unknown, caller: Caller, deps: Deps): Promise<GarbageReport> {
  const request = parsePlainData(schema, input ?? {}, { action: 'Cannot collect garbage' })
  requireOperator(caller, 'collect garbage')
  const { keepGrantsSeconds = 30 * daySeconds, keepUnusedClientsSeconds = 7 * daySeconds } = request
  const now = currentTime(deps)
  const bounds = {
    expiredBy: now,
    endedBy: before(now, keepGrantsSeconds),
    unusedSince: before(now, keepUnusedClientsSeconds),
    limit: batchSize,
  }
  let collected: Garbage = { artifacts: 0, grants: 0, clients: 0 }
  for (let batch = 0; batch < maximumBatches; batch++) {
    const more = await recordCollection(bounds, deps)
    collected = {
      artifacts: collected.artifacts + more.artifacts,
      grants: collected.grants + more.grants,
      clients: collected.clients + more.clients,
    }
    if (Object.values(more).every((count) => count < batchSize)) return { ...collected, isComplete: true }
  }
  return { ...collected, isComplete: false }
}

const before = (time: Date, seconds: number): Date => new Date(time.getTime() - seconds * 1000)
