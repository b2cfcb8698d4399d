import { createHash } from 'node:crypto'

/** One statement of ours: `@table` stands for a table of the schema, `$1`, `$2` … for the values. */
export interface Statement {
  readonly sql: string
  readonly values: readonly unknown[]
  /**
   * Worth a name, under which a connection keeps it parsed and planned. Never with `*`: a kept statement fails for ever on
   * its connection once a migration has changed its columns. Never where a plan for a small table would be a bad one later.
   *
   * A list that rows are looked up by has `LIMIT $n`. Postgres does not know the number when it makes a plan to keep, then
   * expects a single row, and takes the index however new the table is. Without it, it would expect ten, and keep a plan that
   * reads the whole table for them, until the table is analyzed.
   */
  readonly isKept: boolean
  /** Of an INSERT of rows and nothing else: it can be joined with others into the same table. */
  readonly inserts?: InsertedRows
}

/** At least one row, by column; all have the same columns. */
export interface InsertedRows {
  readonly table: string
  readonly rows: readonly Readonly<Record<string, unknown>>[]
}

/** As the server takes it. */
export interface PreparedText {
  readonly text: string
  readonly name: string
}

/** Of one schema. The texts of kept statements are few and are made once. */
export class StatementTexts {
  readonly #schema: string
  readonly #kept = new Map<string, PreparedText>()

  /** @param schema quoted */
  constructor(schema: string) {
    this.#schema = schema
  }

  text(sql: string): string {
    return sql.replace(/@(\w+)/g, `${this.#schema}.$1`)
  }

  kept(sql: string): PreparedText {
    const known = this.#kept.get(sql)
    if (known !== undefined) return known
    const text = this.text(sql)
    const made = { text, name: nameOf(text) }
    this.#kept.set(sql, made)
    return made
  }
}

/** The same for the same text in every process: connections outlive processes where a pooler shares them. */
const nameOf = (text: string): string =>
  `certwright_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`

/** Any number of rows in one statement. */
export function insertOf(inserts: InsertedRows): Statement {
  const { table, rows } = inserts
  const columns = Object.keys(rows[0] ?? {})
  const into = `INSERT INTO @${table} (${columns.join(', ')})`
  if (rows.length === 1) {
    const places = columns.map((_column, i) => `$${i + 1}`)
    const values = columns.map((column) => rows[0]?.[column])
    return { sql: `${into} VALUES (${places.join(', ')})`, values, isKept: true, inserts }
  }
  const arrays = columns.map((column, i) => `$${i + 1}::${typeOf(column)}[]`)
  const values = columns.map((column) => rows.map((row) => asBound(row[column])))
  return { sql: `${into} SELECT * FROM unnest(${arrays.join(', ')})`, values, isKept: true, inserts }
}

/** An array of values needs its type told. */
const typeOf = (column: string): string =>
  bytesColumns.test(column) ? 'bytea' : numberColumns.test(column) ? 'bigint' : 'text'

const bytesColumns = /(_der|^der|^sealed|^wrapped_data_key)$/
const numberColumns =
  /(_at|^at|_before|_after|_update|_until|_count|^depth|^path_length|^has_passphrase|^number|^position|^replaced_by)$/

/** `last`, and the writes before it, in one. No two may name the same table: they would not see each other's rows. */
export function joined(writes: readonly Statement[], last: Statement): Statement {
  if (writes.length === 0) return last
  const values = [...last.values]
  const parts = writes.map((write, i) => {
    const sql = shifted(write.sql, values.length)
    values.push(...write.values)
    return `write_${i} AS (${sql})`
  })
  const isKept = last.isKept && writes.every((write) => write.isKept)
  const [, own] = /^\s*WITH (.*)$/s.exec(last.sql) ?? []
  const sql = `WITH ${parts.join(', ')}${own === undefined ? ` ${last.sql}` : `, ${own}`}`
  return { sql, values, isKept }
}

/** The tables that a statement names. */
export const tablesOf = ({ sql }: Statement): readonly string[] => sql.match(/@\w+/g) ?? []

const shifted = (sql: string, by: number): string =>
  sql.replace(/\$(\d+)/g, (_place, number: string) => `$${Number(number) + by}`)

/** Drivers know Buffers. */
export const asBound = (value: unknown): unknown =>
  value instanceof Uint8Array
    ? Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    : (value ?? null)
