import type { Row } from '@certwright/sql'
import type { Executor } from './executor.js'
import { storageFault } from './faults.js'

/** Statements against one schema, with errors of the port. */
export class Session {
  readonly #executor: Executor
  readonly #schema: string

  /** @param schema quoted */
  constructor(executor: Executor, schema: string) {
    this.#executor = executor
    this.#schema = schema
  }

  async all(sql: string, ...values: readonly unknown[]): Promise<readonly Row[]> {
    return (await this.#query(sql, values)).rows
  }

  async first(sql: string, ...values: readonly unknown[]): Promise<Row | undefined> {
    const [row] = (await this.#query(sql, values)).rows
    return row
  }

  /** @returns how many rows were changed */
  async run(sql: string, ...values: readonly unknown[]): Promise<number> {
    return (await this.#query(sql, values)).rowCount
  }

  /**
   * Any number of rows in one statement. Columns are told with their type, which an array of values needs.
   *
   * @param rows by column; all have the same
   */
  async insert(table: string, rows: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
    const [first] = rows
    if (first === undefined) return
    const columns = Object.keys(first)
    const arrays = columns.map((column, i) => `$${i + 1}::${typeOf(column)}[]`)
    const sql = `INSERT INTO ${this.#schema}.${table} (${columns.join(', ')}) SELECT * FROM unnest(${arrays.join(', ')})`
    const values = columns.map((column) => rows.map((row) => asBound(row[column])))
    await this.#send(sql, values)
  }

  /** `@table` stands for a table of the schema. */
  #query(sql: string, values: readonly unknown[]) {
    return this.#send(sql.replace(/@(\w+)/g, `${this.#schema}.$1`), values.map(asBound))
  }

  async #send(sql: string, values: readonly unknown[]) {
    try {
      return await this.#executor.query(sql, values)
    } catch (error) {
      throw storageFault(error)
    }
  }
}

const bytesColumns = /(_der|^der|^sealed|^wrapped_data_key)$/
const numberColumns =
  /(_at|^at|_before|_after|_update|_until|_count|^depth|^path_length|^has_passphrase|^number|^position|^replaced_by)$/

const typeOf = (column: string): string =>
  bytesColumns.test(column) ? 'bytea' : numberColumns.test(column) ? 'bigint' : 'text'

/** Drivers know Buffers. */
const asBound = (value: unknown): unknown =>
  value instanceof Uint8Array
    ? Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    : (value ?? null)
