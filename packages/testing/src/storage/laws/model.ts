import * as fc from 'fast-check'
import { histories } from '../model/commands.js'
import { emptyModel } from '../model/model.js'
import type { StorageFactory } from '../storage-factory.js'
import type { StorageLaw } from '../storage-law.js'

/** Histories per run: each has up to 20 transactions of up to four writes, on a store of its own. */
const runs = 50

/** A failure prints its seed, and the shortest history that shows it. */
async function agreesWithModel(factory: StorageFactory): Promise<void> {
  const property = fc.asyncProperty(histories(), async (history) => {
    const { storage, close } = await factory.open()
    try {
      await fc.asyncModelRun(() => ({ model: { model: emptyModel }, real: storage }), history)
    } finally {
      await close()
    }
  })
  await fc.assert(property, { numRuns: runs })
}

export const model: readonly StorageLaw[] = [
  {
    group: 'a history of transactions',
    name: 'answers every step as a model does that is too simple to be wrong',
    needs: [],
    run: agreesWithModel,
  },
]
