import { integer } from '@certwright/sql'
import type { Executor, TransactingExecutor } from './executor.js'
import { storageFault, unavailable } from './faults.js'
import { migrations } from './migrations.js'
import { defaultSchema, quotedSchema } from './schema-name.js'

export interface MigrateOptions {
  /** Lowercase letters, digits and underscores. Default: `certwright`. */
  readonly schema?: string
  /** Only tell the SQL. Default: false. */
  readonly dryRun?: boolean
}

export interface Migration {
  /** What was run, or would be; empty where the schema is up to date. */
  readonly sql: readonly string[]
  readonly from: number
  readonly to: number
}

/** "Cert" and "wrgt": the advisory lock under which processes take turns. */
const lockKeys = [0x43657274, 0x77726774] as const

/**
 * Bring the schema up to date, in one transaction: all of it or nothing. Any number of processes may do so at once; they
 * take turns, and those that come later find nothing to do.
 *
 * @throws {PkiError} `storage_unavailable`: the schema is of a newer Certwright, or the database cannot be used
 */
export async function migrate(
  executor: TransactingExecutor,
  { schema = defaultSchema, dryRun = false }: MigrateOptions = {},
): Promise<Migration> {
  const quoted = quotedSchema(schema)
  try {
    return await executor.transaction(async (connection) => {
      await connection.query('SELECT pg_advisory_xact_lock($1, $2)', lockKeys)
      const from = await readVersion(connection, schema)
      refuseNewer(from)
      const sql = stepsFrom(from, quoted)
      if (!dryRun) for (const statement of sql) await connection.query(statement, [])
      return { sql, from, to: migrations.length }
    })
  } catch (error) {
    throw storageFault(error)
  }
}

function stepsFrom(from: number, schema: string): string[] {
  if (from === migrations.length) return []
  const prepare =
    from > 0
      ? []
      : [
          `CREATE SCHEMA IF NOT EXISTS ${schema}`,
          `CREATE TABLE ${schema}.schema_version (version BIGINT NOT NULL)`,
          `INSERT INTO ${schema}.schema_version VALUES (0)`,
        ]
  const steps = migrations.slice(from).map((step) => step.replaceAll('$SCHEMA', schema).trim())
  return [...prepare, ...steps, `UPDATE ${schema}.schema_version SET version = ${migrations.length}`]
}

/** 0 where there is no schema yet. */
async function readVersion(executor: Executor, schema: string): Promise<number> {
  const table = await executor.query(
    `SELECT 1 FROM information_schema.tables WHERE table_schema = $1 AND table_name = 'schema_version'`,
    [schema],
  )
  if (table.rows.length === 0) return 0
  const { rows } = await executor.query(`SELECT version FROM ${quotedSchema(schema)}.schema_version`, [])
  const [row] = rows
  return row === undefined ? 0 : integer(row, 'version')
}

function refuseNewer(version: number): void {
  if (version <= migrations.length) return
  const state = `its schema is version ${version} where this Certwright knows up to ${migrations.length}`
  throw unavailable(`${state}; use the Certwright that made it, or a newer one`, { retryable: false })
}

/** @throws {PkiError} `storage_unavailable`: the schema is not that of this version */
export async function requireSchema(executor: Executor, schema: string): Promise<void> {
  const version = await readVersion(executor, schema)
  refuseNewer(version)
  if (version === migrations.length) return
  const state = version === 0 ? `it has no schema "${schema}"` : `its schema is version ${version}`
  throw unavailable(`${state}; run migrate() or "certwright migrate" first`, { retryable: false })
}
