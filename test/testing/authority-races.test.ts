import { checkAuthorityRaces, type StorageFactory } from '@certwright/testing'
import { expect, it } from 'vitest'
import { memoryStores } from '../storage/memory-stores.js'
import { sqliteStores } from '../storage/sqlite-stores.js'
import { examined } from './examined-stores.js'
import { brokenStores } from './broken-stores.js'

/* Callers of two processes at once, with their port calls in any order. Postgres: test/storage/postgres.test.ts. */

it.each([
  { name: 'memory', stores: memoryStores, numRuns: 300 },
  { name: 'SQLite', stores: sqliteStores, numRuns: 25 },
])(
  'whoever comes first over $name, nothing is given twice and nothing is lost',
  async ({ stores, numRuns }) => {
    await expect(checkAuthorityRaces(examined(stores), { numRuns })).resolves.toBeUndefined()
  },
  120_000,
)

/** The races that find a store which is wrong when two meet, and right otherwise. */
const found = (bug: string): Promise<void> => {
  const broken = brokenStores.find((store) => store.bug === bug)
  if (broken === undefined) throw new Error(`there is no store of which "${bug}" is true`)
  const stores: StorageFactory = {
    open: async () => ({ storage: broken.open(), close: async () => undefined }),
    lacks: memoryStores.lacks ?? {},
  }
  return checkAuthorityRaces(examined(stores), { numRuns: 500, seed: 1 })
}

it('a store whose transactions read what others write is found', async () => {
  await expect(found('what a transaction has read may change before it commits')).rejects.toThrow(
    /Property failed/,
  )
}, 120_000)
