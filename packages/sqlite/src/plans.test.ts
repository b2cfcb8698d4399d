import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Libsql from 'libsql'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { CertificateFilter, SerialNumber } from '@certwright/core'
import { Connection } from './connection.js'
import { type SqliteStorage, sqliteStorage } from './sqlite-storage.js'

/* Statements run on the thread of the host: one that reads a whole table stops everything else meanwhile. */

let folder: string
let storage: SqliteStorage
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'certwright-plans-'))
  storage = sqliteStorage(join(folder, 'plans.db'))
})
afterEach(async () => {
  vi.restoreAllMocks()
  await storage.close()
  rmSync(folder, { recursive: true })
})

/** How SQLite does what is asked, step by step. */
async function stepsOf(ask: (storage: SqliteStorage) => Promise<unknown>): Promise<readonly string[]> {
  const asked = [vi.spyOn(Connection.prototype, 'first'), vi.spyOn(Connection.prototype, 'all')]
  await ask(storage)
  const statements = asked.flatMap(({ mock }) => mock.calls)
  const database = new Libsql(join(folder, 'plans.db'))
  const steps = statements.flatMap(([sql, ...values]) =>
    (database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { detail: string }[]).map(
      ({ detail }) => detail,
    ),
  )
  database.close()
  return steps
}

const serialNumber = '0a' as SerialNumber
const now = new Date('2026-03-01T12:00:00Z')
const list = (filter: Partial<CertificateFilter>) => (from: SqliteStorage) =>
  from.listCertificates({ now, caIds: ['ca1', 'ca2'], ...filter }, { page: 1, pageSize: 20 })

async function statusLog(from: SqliteStorage): Promise<void> {
  for await (const entry of from.listStatusLog('ca1', serialNumber)) expect(entry).toBeUndefined()
}

/** The index of the revoked has no others in it. */
const readsWhole = (step: string): boolean =>
  step.startsWith('SCAN ') && !/ json_each | INDEX revoked_certificates$/.test(step)

describe('an index finds', () => {
  it.each([
    ['a serial number', (from: SqliteStorage) => from.findSerial('ca1', serialNumber), ['serial_number']],
    ['what became of a serial number', statusLog, ['last_revocation', 'replaced_revocations']],
    ['the certificates of some CAs', list({}), ['certificates_of_ca']],
    ['those that end soon', list({ expiringBefore: now }), ['certificates_by_end']],
    [
      'those that have ended',
      (from: SqliteStorage) =>
        from.listExpiredCertificates({ expiredBefore: now, exceptProfile: 'none' }, 1000),
      ['certificates_by_end'],
    ],
    ['those that are revoked', list({ status: 'revoked' }), ['revoked_certificates']],
    [
      'an API key by either of its secrets',
      (from: SqliteStorage) => from.findApiKeyByHash('00'),
      ['api_key_hash', 'api_key_previous_hash'],
    ],
  ])('%s', async (_what, ask, indexes) => {
    const steps = await stepsOf(ask)
    for (const index of indexes) expect(steps.join('\n')).toMatch(new RegExp(` INDEX ${index}\\b`))
    expect(steps.filter(readsWhole)).toEqual([])
  })
})
