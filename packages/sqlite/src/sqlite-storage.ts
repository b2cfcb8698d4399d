import type { SealedKeyStore, Storage, StorageTransaction } from '@certwright/core'
import { CommitQueue } from './commit-queue.js'
import type { Connection } from './connection.js'
import { unavailable } from './faults.js'
import { keyStore } from './key-store.js'
import { type Database, openDatabase } from './open-database.js'
import { Reads } from './reads.js'
import { SqliteTransaction } from './transaction.js'

export interface SqliteStorage extends Storage {
  /** The sealed private keys of CAs, in the same file: for `sealedCustody`. */
  readonly keys: SealedKeyStore
  /** Waits for the transaction that runs, and closes the file. Every later call is refused. */
  close(): Promise<void>
}

/**
 * Storage in one SQLite file: durable when a promise resolves (WAL, synchronous FULL), for one machine. Several
 * processes may use the file together; a transaction that another process keeps waiting for five seconds fails with
 * `storage_conflict` / `serialization`, and core tries it again.
 *
 * Statements run on the calling thread, some 20 to 300 µs each, and a commit waits for the disk. Transactions of a
 * process run one after another, and those that wait when one begins are committed with it; reads do not wait for them.
 *
 * @param path of the file, which is made where it is missing; its folder must exist. Network file systems do not keep
 *   SQLite's locks: keep it on a local disk
 * @throws {PkiError} `storage_unavailable`: with what to do
 */
export function sqliteStorage(path: string): SqliteStorage {
  return new Sqlite(openDatabase(path))
}

class Sqlite extends Reads implements SqliteStorage {
  readonly keys: SealedKeyStore
  readonly #commits = new CommitQueue(() => this.#open().writer)
  #database: Database | undefined
  #isCallingWork = false

  constructor(database: Database) {
    super()
    this.#database = database
    this.keys = keyStore(database.reader, (work) => this.#commits.commit(async (writer) => work(writer)))
  }

  /** @throws {TypeError} `work` calls `transaction` itself, before its first `await`, and would wait for its own end */
  async transaction<T>(work: (tx: StorageTransaction) => Promise<T>): Promise<T> {
    if (this.#isCallingWork)
      throw new TypeError('Cannot start transaction: it would wait for the one that it is in')
    return this.#commits.commit((writer) => this.#run(work, new SqliteTransaction(writer)))
  }

  async close(): Promise<void> {
    await this.#commits.inTurn(async () => {
      this.#database?.reader.close()
      this.#database?.writer.close()
      this.#database = undefined
    })
  }

  protected override connection(): Connection {
    return this.#open().reader
  }

  #open(): Database {
    if (this.#database !== undefined) return this.#database
    throw unavailable('it is closed', { retryable: false })
  }

  async #run<T>(work: (tx: StorageTransaction) => Promise<T>, transaction: SqliteTransaction): Promise<T> {
    try {
      return await this.#call(work, transaction)
    } finally {
      transaction.end()
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
