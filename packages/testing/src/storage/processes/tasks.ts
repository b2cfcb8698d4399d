import { hasCode, type SerialNumber, type Storage, type StorageTransaction } from '@certwright/core'
import { artifact, token } from '../access-records.js'
import { first, id, idempotencyRecord, now, reservation, revocation, user, write } from '../records.js'
import { retrySerialization } from '../retry-serialization.js'

/* What another process does with the store when it is asked. Questions and answers are JSON. */

const atOnce = <T>(count: number, run: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => run(index)))

export const tasks = {
  /** Every writer wants every serial number. */
  async reserveSerials(
    storage: Storage,
    asked: { caId: string; serials: readonly SerialNumber[]; writers: number; process: number },
  ) {
    const { caId, serials, writers, process } = asked
    const outcomes = await atOnce(writers, async (writer) => {
      const own = []
      for (const [i, serialNumber] of serials.entries()) {
        const made = reservation({ id: id(`${process}-${writer}-${i}`), caId, serialNumber })
        own.push({ serialNumber, id: made.id, outcome: await reserve(storage, made) })
      }
      return own
    })
    return outcomes.flat()
  },

  async takeCrlNumbers(storage: Storage, asked: { caId: string; count: number; writers: number }) {
    const numbers = await atOnce(asked.writers, async () => {
      const own: number[] = []
      for (let i = 0; i < asked.count; i++)
        own.push(await retrySerialization(storage, (tx) => tx.nextCrlNumber(asked.caId)))
      return own
    })
    return numbers.flat()
  },

  async claimKey(storage: Storage, asked: { writers: number; process: number }) {
    return atOnce(asked.writers, async (writer) => {
      const record = idempotencyRecord({ certificateId: id(`${asked.process}-${writer}`) })
      const standing = await retrySerialization(storage, (tx) => tx.claimIdempotencyKey(record, now))
      return { claimed: record.certificateId, ...(standing && { standing: standing.certificateId }) }
    })
  },

  /** @returns those that it has revoked itself */
  async revokeSerials(
    storage: Storage,
    asked: { caId: string; serials: readonly SerialNumber[]; writers: number },
  ) {
    const { caId, serials, writers } = asked
    const added = await atOnce(writers, async () => {
      const own: SerialNumber[] = []
      for (const serialNumber of serials) {
        const entry = revocation({ caId, serialNumber })
        const revoke = (tx: StorageTransaction) => tx.insertRevocation(entry, first('unknown'))
        if (await retrySerialization(storage, revoke)) own.push(serialNumber)
      }
      return own
    })
    return added.flat()
  },

  async insertUser(storage: Storage, asked: { user: string }) {
    const email = asked.user === user().id ? user().email : `${asked.user}@example.org`
    await write(storage, (tx) => tx.insertUser(user({ id: asked.user, email })))
    return { id: asked.user }
  },

  async findUser(storage: Storage, asked: { user: string }) {
    const found = await storage.findUser(asked.user)
    return { id: found?.id, email: found?.email }
  },

  /** Every writer wants to be the one. */
  async useUp(storage: Storage, asked: { writers: number }) {
    const { kind, idHash } = artifact()
    const revocation = { kind: 'revocation', revokedAt: now } as const
    return atOnce(asked.writers, async () => ({
      consumed: await retrySerialization(storage, (tx) => tx.consumeOAuthArtifact(kind, idHash, now)),
      revokedKey: await retrySerialization(storage, (tx) => tx.changeApiKey(id('k1'), revocation)),
      revokedGrant:
        (await retrySerialization(storage, (tx) => tx.revokeOAuthGrants({ grantId: id('g1') }, now))) === 1,
    }))
  },

  async findAccess(storage: Storage, _asked: Record<never, never>) {
    const apiKey = await storage.findApiKeyByHash('ab'.repeat(32))
    const access = await storage.findTokenAccess(token().idHash)
    return {
      keyRevoked: apiKey?.revokedAt !== undefined,
      hasAccess: access !== undefined,
      grantRevoked: access?.grant.revokedAt !== undefined,
    }
  },

  /** Answers from inside a transaction that never ends. */
  async beginAndHold(storage: Storage, asked: { caId: string }) {
    return new Promise<{ held: true }>((resolve, reject) => {
      const holding = storage.transaction(async (tx) => {
        await tx.insertReservations([reservation({ caId: asked.caId })])
        await tx.nextCrlNumber(asked.caId)
        resolve({ held: true })
        await new Promise(() => undefined)
      })
      holding.catch(reject)
    })
  },
}

export type Tasks = typeof tasks

/** The constraint of a conflict is the answer; a serialization failure is tried again. */
async function reserve(storage: Storage, made: ReturnType<typeof reservation>): Promise<string> {
  try {
    await retrySerialization(storage, (tx) => tx.insertReservations([made]))
    return 'reserved'
  } catch (error) {
    if (hasCode(error, 'storage_conflict')) return error.context.constraint
    throw error
  }
}
