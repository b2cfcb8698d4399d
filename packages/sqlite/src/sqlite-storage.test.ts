import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Libsql from 'libsql'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SealedKey, SerialNumber } from '@certwright/core'
import { migrations } from './migrations.js'
import { type SqliteStorage, sqliteStorage } from './sqlite-storage.js'

let folder: string
let path: string
let open: SqliteStorage[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'certwright-sqlite-'))
  path = join(folder, 'certwright.db')
  open = []
})
afterEach(async () => {
  for (const storage of open) await storage.close()
  rmSync(folder, { recursive: true })
})

function store(): SqliteStorage {
  const storage = sqliteStorage(path)
  open.push(storage)
  return storage
}

const now = new Date('2026-03-01T12:00:00Z')
const user = (id: string) => ({ id, email: `${id}@example.org`, createdAt: now })
const key: SealedKey = {
  keyId: 'k1',
  keyAlgorithm: 'ECDSA-P256',
  spkiDer: Uint8Array.of(0, 255),
  sealed: Uint8Array.of(1),
  wrappedDataKey: Uint8Array.of(2, 0),
  kekId: 'kek1',
  createdAt: now,
}

describe('the file', () => {
  it('keeps what was committed, and not what was not, when the process is gone', async () => {
    const first = store()
    await first.transaction((tx) => tx.insertUser(user('u1')))
    await first.keys.insertKey(key)
    const failed = first.transaction(async (tx) => {
      await tx.insertUser(user('u2'))
      throw new Error('power failure')
    })
    await expect(failed).rejects.toThrow('power failure')
    await first.close()
    const second = store()
    expect(await second.findUser('u1')).toEqual(user('u1'))
    expect(await second.findUser('u2')).toBeUndefined()
    expect(await second.keys.findKey('k1')).toEqual(key)
  })

  it('syncs each commit to the disk: WAL, synchronous FULL', () => {
    store()
    const database = new Libsql(path)
    expect(database.pragma('journal_mode', { simple: true })).toMatchObject({ journal_mode: 'wal' })
    database.close()
  })

  it('refuses every call once it is closed', async () => {
    const storage = store()
    await storage.close()
    await expect(storage.findUser('u1')).rejects.toMatchObject({ code: 'storage_unavailable' })
    await expect(storage.transaction(async () => undefined)).rejects.toMatchObject({
      code: 'storage_unavailable',
    })
  })
})

describe('keys', () => {
  it('are unique, listed by id, rewrapped by compare-and-set, and deleted', async () => {
    const { keys } = store()
    await keys.insertKey({ ...key, keyId: 'k2' })
    await keys.insertKey(key)
    await expect(keys.insertKey(key)).rejects.toMatchObject({
      code: 'storage_conflict',
      context: { constraint: 'key_id' },
    })
    const ids: string[] = []
    for await (const { keyId } of keys.listKeys()) ids.push(keyId)
    expect(ids).toEqual(['k1', 'k2'])
    const change = { from: Uint8Array.of(2, 0), wrappedDataKey: Uint8Array.of(3), kekId: 'kek2' }
    expect(await keys.rewrapKey('k1', change)).toBe(true)
    expect(await keys.rewrapKey('k1', change)).toBe(false)
    expect(await keys.findKey('k1')).toEqual({ ...key, wrappedDataKey: Uint8Array.of(3), kekId: 'kek2' })
    await keys.deleteKey('k1')
    await keys.deleteKey('k1')
    expect(await keys.findKey('k1')).toBeUndefined()
  })

  it('are not part of a transaction that runs meanwhile, and do not vanish with it', async () => {
    const storage = store()
    const failed = storage.transaction(async (tx) => {
      await tx.insertUser(user('u1'))
      void storage.keys.insertKey(key)
      throw new Error('no')
    })
    await expect(failed).rejects.toThrow('no')
    await storage.transaction(async () => undefined)
    expect(await storage.keys.findKey('k1')).toEqual(key)
  })
})

describe('two processes on one file', () => {
  it('give each serial number once and lose no CRL number', async () => {
    const storage = store()
    const script = fileURLToPath(new URL('racing-writer.mjs', import.meta.url))
    const rounds = 60
    const racer = spawn(process.execPath, [script, path, String(rounds)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    let output = ''
    racer.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    const ended = new Promise((resolve) => racer.on('close', resolve))
    await Promise.race([new Promise((resolve) => racer.stdout.once('data', resolve)), ended])
    expect(output).not.toBe('')
    racer.stdin.end('go')
    const own: number[] = []
    let taken = 0
    for (let i = 0; i < rounds; i++) {
      own.push(await storage.transaction((tx) => tx.nextCrlNumber('ca1')))
      const reservation = {
        id: `parent-${i}`,
        caId: 'ca1',
        kind: 'certificate',
        serialNumber: (0x1000 + i).toString(16) as SerialNumber,
        tbsHash: '',
        notAfter: now,
        reservedAt: now,
      } as const
      const attempt = storage.transaction((tx) => tx.insertReservations([reservation]))
      await attempt.then(
        () => taken++,
        (error: unknown) => expect(error).toMatchObject({ context: { constraint: 'serial_number' } }),
      )
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await ended).toBe(0)
    const other = JSON.parse(output.trim().split('\n').at(-1) ?? '') as { numbers: number[]; taken: number }
    const numbers = [...own, ...other.numbers].sort((a, b) => a - b)
    expect(numbers).toEqual(Array.from({ length: 2 * rounds }, (_, i) => i + 1))
    expect(taken + other.taken).toBe(rounds)
  }, 60_000)

  it('that hold the file for too long make a conflict that core tries again', async () => {
    const storage = store()
    await storage.transaction(async () => undefined)
    const holder = new Libsql(path)
    holder.exec('BEGIN IMMEDIATE')
    await expect(storage.transaction(async () => undefined)).rejects.toMatchObject({
      code: 'storage_conflict',
      context: { constraint: 'serialization' },
    })
    holder.exec('ROLLBACK')
    holder.close()
    await storage.transaction(async () => undefined)
  }, 20_000)
})

const refusal = (sentence: RegExp) =>
  expect.objectContaining({
    code: 'storage_unavailable',
    context: { retryable: false },
    message: expect.stringMatching(sentence),
  })

describe('a file that cannot be used is refused with what to do', () => {
  it.each<[string, RegExp, () => void]>([
    [
      'no database',
      /is no SQLite database; choose another path/,
      () => writeFileSync(path, 'hello '.repeat(500)),
    ],
    [
      'the database of another program',
      /belongs to another program; choose another path/,
      () => {
        const other = new Libsql(path)
        other.exec('CREATE TABLE notes (text TEXT)')
        other.close()
      },
    ],
    [
      'one of a newer version',
      /schema is version 99 .*; use the Certwright that made it/,
      () => {
        sqliteStorage(path)
        const newer = new Libsql(path)
        newer.exec('PRAGMA user_version = 99')
        newer.close()
      },
    ],
    [
      'a folder that is not there',
      /there is no folder .*; make it first/,
      () => (path = join(folder, 'no', 'x.db')),
    ],
    ['a folder in its place', /cannot be opened/, () => (path = folder)],
  ])('%s', (_, sentence, prepare) => {
    prepare()
    expect(() => sqliteStorage(path)).toThrow(refusal(sentence))
  })

  it.skipIf(process.getuid?.() === 0)('a file that is read-only (root may write it all the same)', () => {
    sqliteStorage(path)
    chmodSync(path, 0o400)
    expect(() => sqliteStorage(path)).toThrow(refusal(/read-only/))
  })

  it('and a migration that fails leaves the file as it was', () => {
    const half = new Libsql(path)
    half.exec('PRAGMA application_id = 1129804404; CREATE TABLE outbox_events (position INTEGER)')
    half.close()
    const before = statSync(path).size
    expect(() => sqliteStorage(path)).toThrow(expect.objectContaining({ code: 'storage_unavailable' }))
    const after = new Libsql(path)
    expect(after.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).all()).toHaveLength(1)
    after.close()
    expect(statSync(path).size).toBe(before)
    expect(migrations.length).toBeGreaterThan(0)
  })
})
