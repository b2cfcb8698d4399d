import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqliteStorage } from '@certwright/sqlite'
import type { ProbedRows, StorageFactory, StorageProbe } from '@certwright/testing'
import { bundledProcess } from './bundled-process.js'

/** The driver, as raw SQL: from the package that has it, so that the tests need no driver of their own. */
interface Driver {
  readonly prepare: (sql: string) => { get(...values: unknown[]): unknown }
  readonly exec: (sql: string) => void
  readonly close: () => void
}
const requireFromSqlite = createRequire(new URL('../../packages/sqlite/package.json', import.meta.url))
const Libsql = requireFromSqlite('libsql') as new (path: string) => Driver

/** SQLite, each store in a file of its own. */
export const sqliteStores: StorageFactory = {
  async open() {
    const folder = mkdtempSync(join(tmpdir(), 'certwright-storage-'))
    const path = join(folder, 'certwright.db')
    const storage = sqliteStorage(path)
    return {
      storage,
      probe: probeOf(path),
      otherProcess: { module: await bundledProcess('sqlite-process.mjs'), argument: path },
      async close() {
        await storage.close()
        rmSync(folder, { recursive: true })
      },
    }
  },
}

/** Raw SQL on the file, through a connection that is there for this alone. */
export function withSqlite<T>(path: string, use: (driver: Driver) => T): T {
  const driver = new Libsql(path)
  try {
    return use(driver)
  } finally {
    driver.close()
  }
}

const probeOf = (path: string): StorageProbe => ({
  async countRows(kind) {
    const row = withSqlite(path, (driver) =>
      driver.prepare(`SELECT count(*) AS n FROM ${tables[kind]}`).get(),
    )
    return (row as { n: number }).n
  },
  async certificateDer(certificateId) {
    const sql = 'SELECT certificate_der AS der FROM certificates WHERE id = ?'
    const row = withSqlite(path, (driver) => driver.prepare(sql).get(certificateId))
    return (row as { der: Uint8Array } | undefined)?.der
  },
})

/** The same in both databases. */
export const tables: Readonly<Record<ProbedRows, string>> = {
  workspaces: 'workspaces',
  cas: 'cas',
  certificates: 'certificates',
  reservations: 'reservations',
  revocations: 'revocations',
  auditEvents: 'audit_events',
  outboxEvents: 'outbox_events',
}
