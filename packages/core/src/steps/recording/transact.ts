import { hasCode } from '../../errors/pki-error.js'
import type { Storage, StorageTransaction } from '../../ports/storage.js'

/**
 * Serialization failures in a row before the caller is told. Each means that another transaction has won, so ten losses
 * in a row need a load that no retry would help with.
 */
const maximumAttempts = 10

/** A transaction of the host's, in the form that the storage adapter names: see `Storage.joinTransaction`. */
export type HostTransaction = object

/** Asked first of all, because what is signed must be recorded. @throws {TypeError} the storage cannot join one */
export function requireJoinable(hostTransaction: HostTransaction | undefined, storage: Storage): void {
  if (hostTransaction === undefined || storage.joinTransaction !== undefined) return
  throw new TypeError('tx: this storage cannot join a transaction of its host; leave the option out')
}

/**
 * Record in the host's own transaction, where it has handed one in; else in one of ours. A conflict goes to the host
 * then, since only it can run its transaction again.
 */
export function transactWithin<T>(
  hostTransaction: HostTransaction | undefined,
  storage: Storage,
  work: (tx: StorageTransaction) => Promise<T>,
): Promise<T> {
  if (hostTransaction === undefined || storage.joinTransaction === undefined) return transact(storage, work)
  return storage.joinTransaction(hostTransaction, work)
}

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
