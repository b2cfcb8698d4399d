import { checkAuthorityHistories } from '@certwright/testing'
import { expect, it } from 'vitest'
import { memoryStores } from '../storage/memory-stores.js'
import { sqliteStores } from '../storage/sqlite-stores.js'
import { examined } from './examined-stores.js'

/* Random histories of an authority against a model that is too simple to be wrong. Postgres: test/storage/postgres.test.ts. */

it.each([
  { name: 'memory', stores: memoryStores, numRuns: 200 },
  { name: 'SQLite', stores: sqliteStores, numRuns: 20 },
])(
  'a history of an authority over $name is told by its model, and leaves the doctor nothing to say',
  async ({ stores, numRuns }) => {
    await expect(checkAuthorityHistories(examined(stores), { numRuns })).resolves.toBeUndefined()
  },
  120_000,
)
