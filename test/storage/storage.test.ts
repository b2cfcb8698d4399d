import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Storage } from '@certwright/core'
import { memoryStorage } from '@certwright/memory'
import { type SqliteStorage, sqliteStorage } from '@certwright/sqlite'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { idempotencyBehaves } from './kit/idempotency.js'
import { listsBehave } from './kit/lists.js'
import { serialStatusBehaves } from './kit/serial-status.js'
import { transactionsBehave } from './kit/transactions.js'

/* What the storage port promises, asked of every adapter: one table of tests, an empty store for each. */

const folder = mkdtempSync(join(tmpdir(), 'certwright-storage-'))
const opened: SqliteStorage[] = []
afterEach(async () => {
  for (const storage of opened.splice(0)) await storage.close()
})
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
function newSqlite(): Storage {
  const storage = sqliteStorage(join(folder, `${files++}.db`))
  opened.push(storage)
  return storage
}

describe.each<[string, () => Storage]>([
  ['memory', memoryStorage],
  ['SQLite', newSqlite],
])('%s', (_, newStorage) => {
  transactionsBehave(newStorage)
  listsBehave(newStorage)
  serialStatusBehaves(newStorage)
  idempotencyBehaves(newStorage)

  it('refuses a transaction inside a transaction, which would wait for itself', async () => {
    const storage = newStorage()
    const run = storage.transaction(() => storage.transaction(async () => undefined))
    await expect(run).rejects.toThrow(TypeError)
  })
})
