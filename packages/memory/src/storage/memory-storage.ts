import type { Storage, StorageTransaction } from '@certwright/core'
import { Reads } from './reads.js'
import { type Committed, emptyTables, type Tables } from './tables.js'
import { MemoryTransaction } from './transaction.js'

/**
 * The reference adapter of the storage port: everything in the memory of this process, and gone with it. So "durable"
 * means here: as long as the process lives.
 *
 * Transactions run one after another, in the order of the calls, and so never fail with `serialization`. A `work` that
 * never settles holds up all that come after it: there is no timer here that would end it. Reads do not wait; outside a
 * transaction they see what is committed, also while one runs.
 *
 * Nothing is ever thrown away but archived certificates, expired idempotency records, acknowledged outbox events and CRLs
 * that a newer one replaces.
 */
export const memoryStorage = (): Storage => new MemoryStorage()

class MemoryStorage extends Reads implements Storage {
  readonly #committed: Committed = emptyTables()
  /** Settles when the last transaction so far has ended; never rejects. */
  #lastEnded: Promise<unknown> = Promise.resolve()
  #isCallingWork = false

  /**
   * @throws {TypeError} `work` calls `transaction` itself and would wait for its own end. This is seen only before the
   * first `await` of `work`; behind it, an inner call looks like any other caller's and waits for ever.
   */
  async transaction<T>(work: (tx: StorageTransaction) => Promise<T>): Promise<T> {
    if (this.#isCallingWork)
      throw new TypeError('Cannot start transaction: it would wait for the one that it is in')
    const ended = this.#lastEnded.then(() => this.#run(work))
    this.#lastEnded = ended.catch(() => undefined)
    return ended
  }

  protected override tables(): Tables {
    return this.#committed
  }

  async #run<T>(work: (tx: StorageTransaction) => Promise<T>): Promise<T> {
    const transaction = new MemoryTransaction(this.#committed)
    try {
      const result = await this.#call(work, transaction)
      transaction.commit()
      return result
    } finally {
      transaction.rollBack()
    }
  }

  #call<T>(work: (tx: StorageTransaction) => Promise<T>, transaction: StorageTransaction): Promise<T> {
    this.#isCallingWork = true
    try {
      return work(transaction)
    } finally {
      this.#isCallingWork = false
    }
  }
}
