import { hasCode, type Storage, type StorageTransaction } from '@certwright/core'

/** Serialization failures in a row before the caller is told: as many as core takes for its own transactions. */
const maximumAttempts = 10

/** `work` may run again, so it touches nothing but `tx`. */
export async function transact<T>(
  storage: Storage,
  work: (tx: StorageTransaction) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await storage.transaction(work)
    } catch (error) {
      const mayRetry = hasCode(error, 'storage_conflict') && error.context.constraint === 'serialization'
      if (!mayRetry || attempt === maximumAttempts) throw error
    }
  }
}
