import type { Row } from '@certwright/sql'
import type { Executor } from './executor.js'
import { storageFault } from './faults.js'
import { type IdempotencyKey, liveOf } from './idempotency-statements.js'
import { asBound, insertOf, type Statement, type StatementTexts } from './statement.js'

type Answer = Awaited<ReturnType<Executor['query']>>

/** Statements against one schema, with errors of the port. */
export class Session {
  readonly #executor: Executor
  readonly #texts: StatementTexts

  constructor(executor: Executor, texts: StatementTexts) {
    this.#executor = executor
    this.#texts = texts
  }

  async all(sql: string, ...values: readonly unknown[]): Promise<readonly Row[]> {
    return (await this.send({ sql, values, isKept: false })).rows
  }

  /** As `all`, for what every issuance or request asks. */
  async allKept(sql: string, ...values: readonly unknown[]): Promise<readonly Row[]> {
    return (await this.send({ sql, values, isKept: true })).rows
  }

  /** The record of an idempotency key that is live at a time in seconds. */
  async findLive(key: IdempotencyKey, time: number): Promise<Row | undefined> {
    const [row] = (await this.send(liveOf([key], time))).rows
    return row
  }

  async first(sql: string, ...values: readonly unknown[]): Promise<Row | undefined> {
    const [row] = await this.all(sql, ...values)
    return row
  }

  /** @returns how many rows were changed */
  async change(statement: Statement): Promise<number> {
    return (await this.send(statement)).rowCount
  }

  run(sql: string, ...values: readonly unknown[]): Promise<number> {
    return this.change({ sql, values, isKept: true })
  }

  /** As `run`, for what needs a plan of its own each time. */
  runOnce(sql: string, ...values: readonly unknown[]): Promise<number> {
    return this.change({ sql, values, isKept: false })
  }

  /** @param rows by column; all have the same */
  async insert(table: string, rows: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
    if (rows.length > 0) await this.write(insertOf({ table, rows }))
  }

  /** A write that has no answer to give. */
  async write(statement: Statement): Promise<void> {
    await this.send(statement)
  }

  protected async send({ sql, values, isKept }: Statement, executor = this.#executor): Promise<Answer> {
    const bound = values.map(asBound)
    try {
      if (!isKept) return await executor.query(this.#texts.text(sql), bound)
      const { text, name } = this.#texts.kept(sql)
      return await executor.query(text, bound, name)
    } catch (error) {
      throw storageFault(error)
    }
  }
}
