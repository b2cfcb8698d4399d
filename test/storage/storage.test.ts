import { memoryStorage } from '@certwright/memory'
import { describeStorage, type StorageFactory } from '@certwright/testing'
import { describe, expect, it } from 'vitest'
import { memoryStores } from './memory-stores.js'
import { sqliteStores } from './sqlite-stores.js'

/* What the storage port promises, asked of the adapters that need no server. Postgres: postgres.test.ts. */

const runner = { describe, it }
describeStorage('memory', memoryStores, { runner })
describeStorage('SQLite', sqliteStores, { runner })

describe.each<[string, StorageFactory]>([
  ['memory', memoryStores],
  ['SQLite', sqliteStores],
])('%s', (_, stores) => {
  it('refuses a transaction inside a transaction, which would wait for itself', async () => {
    const { storage, close } = await stores.open()
    const run = storage.transaction(() => storage.transaction(async () => undefined))
    await expect(run).rejects.toThrow(TypeError)
    await close()
  })
})

describe('memory', () => {
  it('gives the number of a CRL again that was taken in a transaction that failed', async () => {
    const storage = memoryStorage()
    const failed = storage.transaction(async (tx) => {
      await tx.nextCrlNumber('ca1')
      throw new Error('no')
    })
    await expect(failed).rejects.toThrow('no')
    expect(await storage.transaction((tx) => tx.nextCrlNumber('ca1'))).toBe(1)
  })
})
