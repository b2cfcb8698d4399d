import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqliteStorage } from '@certwright/sqlite'
import type { Contender } from '../measure.js'
import { issuing, portion } from './issuing.js'
import { openLibsql } from './libsql.js'

/** A file of its own for each of the two, both in WAL mode and synced at each commit. */
export async function onSqlite(csrs: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'certwright-bench-'))
  const storage = sqliteStorage(join(folder, 'issued.db'))
  const { one, many, certificateDer } = await issuing(storage, csrs)
  const database = openLibsql(join(folder, 'raw.db'))
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  database.exec('CREATE TABLE raw (serial TEXT PRIMARY KEY, der BLOB NOT NULL)')
  const insert = database.prepare('INSERT INTO raw VALUES (?, ?)')
  const der = Buffer.from(certificateDer)

  const raw = {
    name: 'SQLite: raw INSERT',
    run(count: number) {
      for (let i = 0; i < count; i++) insert.run(randomBytes(20).toString('hex'), der)
    },
  }
  const contenders: readonly Contender[] = [
    raw,
    { name: 'SQLite: issue, 16 callers', run: one, limit: raw.name, portion },
    { name: 'SQLite: issueMany', run: many, limit: raw.name, portion },
  ]
  return {
    contenders,
    async close() {
      database.close()
      await storage.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
