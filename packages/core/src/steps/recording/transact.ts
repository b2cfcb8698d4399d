import { hasCode } from '../../errors/pki-error.js'
import type { Storage, StorageTransaction } from '../../ports/storage.js'

/**
 * Serialization failures in a row before the caller is told. Each means that another transaction has won, so ten losses
 * in a row need a load that no retry would help with.
 */
const maximumAttempts = 10

/** The only place that opens a transaction. `work` may run again, so it touches nothing but `tx`. */
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
