import { hasCode, type IdempotencyRecord, type Storage, type StorageTransaction } from '@certwright/core'
import type { Row } from '@certwright/sql'
import type { Executor, TransactingExecutor } from './executor.js'
import { storageFault } from './faults.js'
import type { IdempotencyKey } from './idempotency-statements.js'
import { requireSchema } from './migrate.js'
import { Reads } from './reads.js'
import { defaultSchema, quotedSchema } from './schema-name.js'
import { transactLate } from './late-transaction.js'
import { keyName, Recollection } from './recollection.js'
import type { Session } from './session.js'
import { SharedSession } from './shared-session.js'
import { StatementTexts } from './statement.js'
import { PostgresTransaction } from './transaction.js'
import { type TransactionLine, TransactionSession } from './transaction-session.js'

export interface PostgresOptions {
  /** Lowercase letters, digits and underscores. Default: `certwright`. */
  readonly schema?: string
}

/**
 * Storage in Postgres 15 or later, over the host's own connections; any number of processes may share it. The schema is
 * made by `migrate`, never on the way: the first call finds out whether it is there.
 *
 * `joinTransaction` takes an `Executor` on the connection that the host has opened a transaction on:
 * `issue(request, { principal, tx: fromClient(client) })`.
 *
 * @param executor `fromPool(pool)`, or the same few lines around another driver
 */
export const postgresStorage = (
  executor: TransactingExecutor,
  { schema = defaultSchema }: PostgresOptions = {},
): Storage => new Postgres(executor, schema)

class Postgres extends Reads implements Storage {
  protected override readonly lock = ''
  readonly #executor: TransactingExecutor
  readonly #schema: string
  readonly #texts: StatementTexts
  readonly #session: SharedSession
  readonly #recollection = new Recollection()
  #checked: Promise<void> | undefined

  constructor(executor: TransactingExecutor, schema: string) {
    super()
    this.#executor = executor
    this.#schema = schema
    this.#texts = new StatementTexts(quotedSchema(schema))
    this.#session = new SharedSession(executor, this.#texts)
  }

  async transaction<T>(work: (tx: StorageTransaction) => Promise<T>): Promise<T> {
    await this.#requireSchema()
    let failure: { readonly error: unknown } | undefined
    const watched = async (tx: StorageTransaction): Promise<T> => {
      try {
        return await work(tx)
      } catch (error) {
        failure = { error }
        throw error
      }
    }
    try {
      const { session, result } = await transactLate(this.#executor, async (line) => {
        const ours = this.#transactionSession(line)
        return { session: ours, result: await within(ours, watched) }
      })
      session.committed()
      return result
    } catch (error) {
      if (hasCode(error, 'storage_conflict')) this.#recollection.forgetLineages()
      // What `work` throws is its own or one of ours, and stays what it is, even where it looks like the driver's.
      throw failure !== undefined && failure.error === error ? error : storageFault(error)
    }
  }

  async joinTransaction<T>(
    hostTransaction: unknown,
    work: (tx: StorageTransaction) => Promise<T>,
  ): Promise<T> {
    if (!isExecutor(hostTransaction)) {
      throw new TypeError(
        'tx: expected an Executor on the connection of the transaction, as fromClient(client)',
      )
    }
    const line = { connection: hostTransaction, isBegun: () => true }
    const result = await within(this.#transactionSession(line), work)
    // When the host commits, nobody tells us; until then this process must not believe what was.
    this.#recollection.forgetLineages()
    return result
  }

  override async findIdempotencyRecord(
    key: IdempotencyKey,
    now: Date,
  ): Promise<IdempotencyRecord | undefined> {
    const record = await super.findIdempotencyRecord(key, now)
    if (record === undefined) this.#recollection.foundFree(keyName(key.scope, key.keyHash))
    return record
  }

  protected override lineageRows(caId: string): Promise<readonly Row[]> {
    return this.#recollection.lineage(caId, () => super.lineageRows(caId))
  }

  protected override async session(): Promise<Session> {
    await this.#requireSchema()
    return this.#session
  }

  #transactionSession(line: TransactionLine): TransactionSession {
    const company = { shared: this.#session, recollection: this.#recollection }
    return new TransactionSession(line, this.#texts, company)
  }

  /** Once; an answer that was not to be had is asked for again. */
  #requireSchema(): Promise<void> {
    this.#checked ??= this.#checkSchema().catch((error: unknown) => {
      this.#checked = undefined
      throw storageFault(error)
    })
    return this.#checked
  }

  async #checkSchema(): Promise<void> {
    await requireSchema(this.#executor, this.#schema)
  }
}

async function within<T>(
  session: TransactionSession,
  work: (tx: StorageTransaction) => Promise<T>,
): Promise<T> {
  const transaction = new PostgresTransaction(session)
  try {
    const result = await work(transaction).catch(async (error: unknown) => {
      await session.prove()
      throw error
    })
    await session.finish()
    return result
  } finally {
    transaction.end()
  }
}

const isExecutor = (value: unknown): value is Executor =>
  typeof value === 'object' && value !== null && 'query' in value && typeof value.query === 'function'
