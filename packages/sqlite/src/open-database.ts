import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { integer } from '@certwright/sql'
import { Connection } from './connection.js'
import { unavailable } from './faults.js'
import { applicationId, migrations } from './migrations.js'

export interface Database {
  /** Of everything outside a transaction: it sees what is committed. */
  readonly reader: Connection
  /** Of the transactions, one after another. */
  readonly writer: Connection
}

/**
 * Open a file, or make it, and bring its schema up to date. Two processes may do so at once: the steps run in one
 * transaction, and who comes second finds them done.
 *
 * @throws {PkiError} `storage_unavailable`: another program's database, one of a newer Certwright, or none at all
 */
export function openDatabase(path: string): Database {
  if (!existsSync(dirname(path))) {
    throw unavailable(`there is no folder ${dirname(path)}; make it first`, { retryable: false })
  }
  const writer = connect(path)
  try {
    writer.execute('PRAGMA journal_mode = WAL')
    migrate(writer)
    return { writer, reader: new Connection(path) }
  } catch (error) {
    writer.close()
    throw error
  }
}

/** The binding tells of a file that it cannot open in a sentence of its own, without a code. */
function connect(path: string): Connection {
  try {
    return new Connection(path)
  } catch (error) {
    if (error instanceof Error && error.message.includes('Unable to open connection')) {
      const cause = Object.assign(new Error(error.message), { code: 'SQLITE_CANTOPEN' })
      throw unavailable('the file cannot be opened; check that its folder belongs to this user', {
        retryable: false,
        cause,
      })
    }
    throw error
  }
}

function migrate(writer: Connection): void {
  if (versionOf(writer) === migrations.length) return
  writer.execute('BEGIN IMMEDIATE')
  try {
    const version = versionOf(writer)
    for (const step of migrations.slice(version)) writer.execute(step)
    writer.execute(`PRAGMA user_version = ${migrations.length}; PRAGMA application_id = ${applicationId}`)
    writer.execute('COMMIT')
  } catch (error) {
    writer.rollBack()
    throw error
  }
}

function versionOf(connection: Connection): number {
  const read = (pragma: string): number => {
    const row = connection.first(`PRAGMA ${pragma}`)
    return row === undefined ? 0 : integer(row, pragma)
  }
  const [version, application] = [read('user_version'), read('application_id')]
  const tables = connection.first(`SELECT count(*) AS tables FROM sqlite_master WHERE type = 'table'`)
  const isEmpty = tables === undefined || integer(tables, 'tables') === 0
  if (!isEmpty && application !== applicationId) {
    throw unavailable('the file belongs to another program; choose another path', { retryable: false })
  }
  if (version > migrations.length) {
    const state = `its schema is version ${version} where this Certwright knows up to ${migrations.length}`
    throw unavailable(`${state}; use the Certwright that made it, or a newer one`, { retryable: false })
  }
  if (version === 0 && !isEmpty) {
    throw unavailable('its schema was made in part; restore it from a backup', { retryable: false })
  }
  return version
}
