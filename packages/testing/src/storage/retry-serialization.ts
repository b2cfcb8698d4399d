import { setTimeout as wait } from 'node:timers/promises'
import { hasCode, type Storage, type StorageTransaction } from '@certwright/core'

/** Serialization failures in a row before it is given up: with 100 transactions at once a few are to be expected. */
const maximumAttempts = 50

/** A transaction as a caller of the port runs it: again, where another one has won. */
export async function retrySerialization<T>(
  storage: Storage,
  work: (tx: StorageTransaction) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await storage.transaction(work)
    } catch (error) {
      const mayRetry = hasCode(error, 'storage_conflict') && error.context.constraint === 'serialization'
      if (!mayRetry || attempt === maximumAttempts) throw error
      // Whoever has won needs the time to go on.
      await wait(5 * attempt)
    }
  }
}
