import { checkAuthorityHistories } from '@certwright/testing'
import { describe, it } from 'vitest'
import { memoryStores } from '../storage/memory-stores.js'
import { sqliteStores } from '../storage/sqlite-stores.js'

/* Random histories of an authority against a model that is too simple to be wrong, on every store. */

describe('a history of an authority is told by its model, step by step', () => {
  it('over memory', async () => {
    await checkAuthorityHistories(memoryStores, { numRuns: 40 })
  }, 120_000)

  it('over SQLite', async () => {
    await checkAuthorityHistories(sqliteStores, { numRuns: 8 })
  }, 120_000)
})
