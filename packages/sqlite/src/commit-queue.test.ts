import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { CommitQueue } from './commit-queue.js'
import { Connection } from './connection.js'

let folder: string
let writer: Connection
let reader: Connection
let queue: CommitQueue
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'certwright-queue-'))
  writer = new Connection(join(folder, 'queue.db'))
  writer.execute('PRAGMA journal_mode = WAL; CREATE TABLE rows (n INTEGER PRIMARY KEY)')
  reader = new Connection(join(folder, 'queue.db'))
  queue = new CommitQueue(() => writer)
})
afterEach(() => {
  vi.restoreAllMocks()
  writer.close()
  reader.close()
  rmSync(folder, { recursive: true })
})

const insert = (n: number) => queue.commit(async (to) => to.run('INSERT INTO rows VALUES (?)', n))
const rows = () => reader.all('SELECT n FROM rows ORDER BY n').map(({ n }) => n)
const numbers = (length: number) => Array.from({ length }, (_, i) => i)
const full = () => Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
const fullDisk = { code: 'storage_unavailable', context: { retryable: true } }

/** The statements that begin and end transactions, as they are executed from now on. */
function watched(): readonly string[] {
  const executed: string[] = []
  const execute = writer.execute.bind(writer)
  vi.spyOn(writer, 'execute').mockImplementation((sql) => {
    executed.push(sql)
    execute(sql)
  })
  return executed
}

const count = (executed: readonly string[], sql: string) => executed.filter((one) => one === sql).length

describe('transactions that wait together', () => {
  it('are committed as one', async () => {
    const executed = watched()
    expect(await Promise.all(numbers(3).map(insert))).toEqual([1, 1, 1])
    expect(count(executed, 'BEGIN IMMEDIATE')).toBe(1)
    expect(count(executed, 'COMMIT')).toBe(1)
    expect(rows()).toEqual([0, 1, 2])
  })

  it('are told when all are on the disk, in the order of the calls', async () => {
    const seen: unknown[] = []
    const see = async (n: number) => {
      await insert(n)
      seen.push([n, rows()])
    }
    await Promise.all(numbers(3).map(see))
    expect(seen).toEqual(numbers(3).map((n) => [n, [0, 1, 2]]))
  })

  it('are rolled back one by one: what rejects leaves nothing, and the others stay', async () => {
    const rejecting = queue.commit(async (to) => {
      to.run('INSERT INTO rows VALUES (7)')
      throw new RangeError('no')
    })
    const [first, rejected, taken, last] = await Promise.allSettled([
      insert(0),
      rejecting,
      insert(0),
      insert(7),
    ])
    expect(first?.status).toBe('fulfilled')
    expect(rejected).toMatchObject({ reason: new RangeError('no') })
    expect(taken).toMatchObject({ reason: { code: 'storage_unavailable', message: /record/ } })
    expect(last?.status).toBe('fulfilled')
    expect(rows()).toEqual([0, 7])
  })

  it('fail together where the commit fails, leave nothing, and hold up nobody', async () => {
    const execute = writer.execute.bind(writer)
    vi.spyOn(writer, 'execute').mockImplementation((sql) => {
      if (sql === 'COMMIT') throw full()
      execute(sql)
    })
    const outcomes = await Promise.allSettled(numbers(3).map(insert))
    expect(outcomes).toMatchObject(numbers(3).map(() => ({ status: 'rejected', reason: fullDisk })))
    vi.restoreAllMocks()
    expect(rows()).toEqual([])
    await insert(1)
    expect(rows()).toEqual([1])
  })

  it('fail together where SQLite has rolled back all of them by itself, with its reason', async () => {
    const breaking = queue.commit(async (to) => {
      to.execute('ROLLBACK')
      throw full()
    })
    const outcomes = await Promise.allSettled([insert(0), breaking, insert(1)])
    expect(outcomes).toMatchObject(numbers(3).map(() => ({ status: 'rejected', reason: fullDisk })))
    expect(rows()).toEqual([])
  })

  it('are 64 at most, for other processes wait meanwhile', async () => {
    const executed = watched()
    await Promise.all(numbers(130).map(insert))
    expect(count(executed, 'COMMIT')).toBe(3)
    expect(rows()).toEqual(numbers(130))
  })
})

describe('what comes while others are being committed', () => {
  it('is committed next', async () => {
    const executed = watched()
    const [late] = await Promise.all([queue.commit(async () => ({ inserted: insert(1) })), insert(0)])
    expect(await late.inserted).toBe(1)
    expect(count(executed, 'COMMIT')).toBe(2)
    expect(rows()).toEqual([0, 1])
  })

  it('in turn, finds no transaction open', async () => {
    const first = insert(0)
    const seen = await queue.inTurn(async () => {
      writer.execute('BEGIN; ROLLBACK')
      return rows()
    })
    await first
    expect(seen).toEqual([0])
  })
})
