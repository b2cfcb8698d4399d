import { checkAuthorityHistories } from '@certwright/testing'
import { expect, it } from 'vitest'
import { memoryStores } from '../storage/memory-stores.js'
import { sqliteStores } from '../storage/sqlite-stores.js'

/* Random histories of an authority against a model that is too simple to be wrong. Postgres: test/storage/postgres.test.ts. */

it.each([
  { name: 'memory', stores: memoryStores, numRuns: 40 },
  { name: 'SQLite', stores: sqliteStores, numRuns: 8 },
])(
  'a history of an authority over $name is told by its model, step by step',
  async ({ stores, numRuns }) => {
    await expect(checkAuthorityHistories(stores, { numRuns })).resolves.toBeUndefined()
  },
  120_000,
)
