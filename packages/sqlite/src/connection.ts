import Libsql from 'libsql'
import type { Row } from '@certwright/sql'
import { storageFault } from './faults.js'

export type Value = string | number | bigint | Uint8Array | null

/** Milliseconds that a statement waits for another process: its transactions take a few. */
const busyTimeout = 5000

/** Statements that are kept compiled: more than there are in this package. */
const maximumStatements = 200

/** One connection. Every error that leaves it is one of the port's. */
export class Connection {
  readonly #database: Libsql.Database
  readonly #statements = new Map<string, Libsql.Statement>()

  constructor(path: string) {
    this.#database = guarded(() => new Libsql(path, { timeout: busyTimeout }))
    this.execute(`PRAGMA busy_timeout = ${busyTimeout}; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON`)
  }

  /** Statements without parameters, one or several. */
  execute(sql: string): void {
    guarded(() => this.#database.exec(sql))
  }

  /** @returns how many rows were changed */
  run(sql: string, ...values: readonly Value[]): number {
    return guarded(() => this.#prepared(sql).run(...values.map(asBound)).changes)
  }

  first(sql: string, ...values: readonly Value[]): Row | undefined {
    return guarded(() => this.#prepared(sql).get(...values.map(asBound)) as Row | undefined)
  }

  all(sql: string, ...values: readonly Value[]): Row[] {
    return guarded(() => this.#prepared(sql).all(...values.map(asBound)) as Row[])
  }

  /**
   * Undo what came after a savepoint, and end it.
   *
   * @returns false where SQLite has rolled back the whole transaction by itself, as for a full disk
   */
  rollBackTo(savepoint: string): boolean {
    try {
      this.execute(`ROLLBACK TO ${savepoint}; RELEASE ${savepoint}`)
      return true
    } catch {
      return false
    }
  }

  /** SQLite has rolled back by itself after some errors, as for a full disk; the first error is the one that tells. */
  rollBack(): void {
    try {
      this.execute('ROLLBACK')
    } catch {
      // There is no transaction any more.
    }
  }

  close(): void {
    this.#database.close()
  }

  #prepared(sql: string): Libsql.Statement {
    let statement = this.#statements.get(sql)
    if (statement === undefined) {
      if (this.#statements.size >= maximumStatements) this.#statements.clear()
      statement = this.#database.prepare(sql)
      this.#statements.set(sql, statement)
    }
    return statement
  }
}

/** The binding takes Buffers. */
const asBound = (value: Value): Value =>
  value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value

function guarded<T>(use: () => T): T {
  try {
    return use()
  } catch (error) {
    throw storageFault(error)
  }
}
