import type { Executor } from './executor.js'
import { Session } from './session.js'
import { joined, type Statement, type StatementTexts, tablesOf } from './statement.js'

/** Where the statements of a transaction go. */
export interface TransactionLine {
  readonly connection: Executor
  /** Takes the last statement: it may be the only one, and then commits by itself. */
  readonly last: Executor
}

/**
 * Statements of one transaction. Writes that have no answer to give wait, and travel with the next statement that has one,
 * as its WITH clause, or together at the end: an issuance takes half as many round trips. A write that is refused fails
 * the statement that it travels with, and so the transaction, as it would have done by itself.
 */
export class TransactionSession extends Session {
  readonly #last: Executor
  #waiting: Statement[] = []

  constructor({ connection, last }: TransactionLine, texts: StatementTexts) {
    super(connection, texts)
    this.#last = last
  }

  /** Nothing may be written after it. */
  async finish(): Promise<void> {
    const last = this.#waiting.pop()
    if (last !== undefined) await super.send(joined(this.#take(), last), this.#last)
  }

  override async write(statement: Statement): Promise<void> {
    if (this.#mustComeAfterWaiting(statement)) await this.#flush()
    this.#waiting.push(statement)
  }

  protected override async send(statement: Statement) {
    if (this.#mustComeAfterWaiting(statement)) await this.#flush()
    return super.send(joined(this.#take(), statement))
  }

  /** The parts of one statement see the tables as they were before it. */
  #mustComeAfterWaiting(statement: Statement): boolean {
    const tables = tablesOf(statement)
    return this.#waiting.some((write) => tablesOf(write).some((table) => tables.includes(table)))
  }

  async #flush(): Promise<void> {
    const last = this.#waiting.pop()
    if (last !== undefined) await super.send(joined(this.#take(), last))
  }

  #take(): readonly Statement[] {
    const waiting = this.#waiting
    this.#waiting = []
    return waiting
  }
}
