import { endOfTurn } from '@certwright/sql'
import type { Connection } from './connection.js'
import { storageFault } from './faults.js'

/** Transactions that are committed together at most: other processes wait meanwhile. */
const maximumCompany = 64

interface Waiting {
  /** @returns what tells of the result */
  readonly perform: (writer: Connection) => Promise<() => void>
  readonly reject: (reason: unknown) => void
}

/**
 * Transactions of the one connection that writes, in the order of the calls. Those that wait when one begins are committed
 * with it, because a commit waits for the disk. Each is a savepoint, which is rolled back by itself where its work rejects;
 * and each is told of its result when all of them are on the disk. Where they do not get there, all are told why.
 */
export class CommitQueue {
  readonly #writer: () => Connection
  /** Settles when the last turn so far has ended; never rejects. */
  #lastEnded: Promise<unknown> = Promise.resolve()
  #waiting: Waiting[] = []

  /** @param writer throws where it is closed */
  constructor(writer: () => Connection) {
    this.#writer = writer
  }

  /** @param work waits for nothing but the writer: others wait for its end */
  commit<T>(work: (writer: Connection) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length % maximumCompany === 0) void this.inTurn(() => this.#commitCompany())
      const perform = async (writer: Connection): Promise<() => void> => {
        const result = await work(writer)
        return () => resolve(result)
      }
      this.#waiting.push({ perform, reject })
    })
  }

  /** When no transaction is open, and all that came before has ended. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const ended = this.#lastEnded.then(work)
    this.#lastEnded = ended.catch(() => undefined)
    return ended
  }

  async #commitCompany(): Promise<void> {
    await endOfTurn()
    const company = this.#waiting.splice(0, maximumCompany)
    try {
      for (const tell of await commitTogether(company, this.#writer())) tell()
    } catch (error) {
      for (const { reject } of company) reject(storageFault(error))
    }
  }
}

/** @returns what tells each of its result */
async function commitTogether(
  company: readonly Waiting[],
  writer: Connection,
): Promise<readonly (() => void)[]> {
  // At once the writer: a transaction that began by reading could not become one while another process writes.
  writer.execute('BEGIN IMMEDIATE')
  try {
    const results: (() => void)[] = []
    for (const one of company) results.push(await performed(one, writer))
    writer.execute('COMMIT')
    return results
  } catch (error) {
    writer.rollBack()
    throw error
  }
}

async function performed({ perform, reject }: Waiting, writer: Connection): Promise<() => void> {
  writer.execute('SAVEPOINT one')
  try {
    const tell = await perform(writer)
    writer.execute('RELEASE one')
    return tell
  } catch (error) {
    if (!writer.rollBackTo('one')) throw error
    return () => reject(storageFault(error))
  }
}
