import type { Executor, TransactingExecutor } from './executor.js'
import type { TransactionLine } from './transaction-session.js'

/**
 * A transaction that takes a connection and begins with its first statement. One that has a single statement need not take
 * it: without BEGIN and COMMIT, Postgres makes it a transaction of its own.
 */
export async function transactLate<T>(
  executor: TransactingExecutor,
  work: (line: TransactionLine) => Promise<T>,
): Promise<T> {
  let begun: Begun | undefined
  const connection: Executor = {
    async query(...statement) {
      begun ??= begin(executor)
      return (await begun.connection).query(...statement)
    },
  }
  try {
    const result = await work({ connection, isBegun: () => begun !== undefined })
    await begun?.commit()
    return result
  } catch (error) {
    await begun?.rollBack(error)
    throw error
  }
}

interface Begun {
  readonly connection: Promise<Executor>
  commit(): Promise<void>
  /** Never rejects: the error that led here is the one that tells. */
  rollBack(reason: unknown): Promise<void>
}

/** The executor's transaction, held open by a promise until we know how it ends. */
function begin(executor: TransactingExecutor): Begun {
  const connection = new Deferred<Executor>()
  const work = new Deferred<void>()
  const ended = executor.transaction((given) => {
    connection.resolve(given)
    return work.promise
  })
  // Where there is no connection to be had, who waits for it is told.
  ended.catch((reason: unknown) => connection.reject(reason))
  return {
    connection: connection.promise,
    commit() {
      work.resolve()
      return ended
    },
    async rollBack(reason) {
      work.reject(reason)
      await ended.catch(() => undefined)
    },
  }
}

/** A promise that is settled from outside. Nobody has to listen. */
class Deferred<T> {
  resolve!: (value: T) => void
  reject!: (reason: unknown) => void
  readonly promise = new Promise<T>((resolve, reject) => {
    this.resolve = resolve
    this.reject = reject
  })

  constructor() {
    this.promise.catch(() => undefined)
  }
}
