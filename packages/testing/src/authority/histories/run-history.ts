import * as fc from 'fast-check'
import type { StorageFactory } from '../../storage/storage-factory.js'
import { authorityHistories } from './commands.js'
import { emptyModel } from './model.js'
import { newAuthorityWorld } from './world.js'

export interface HistoryOptions {
  /** How many histories. Default: 100. */
  readonly numRuns?: number
  /** Most steps of one. Default: 20. */
  readonly maxCommands?: number
  /** That fast-check has printed, to see a failure again. */
  readonly seed?: number
  readonly path?: string
}

/**
 * Let random histories of an authority run over a store, each on an empty one, against a model that is too simple to be
 * wrong. Rejects with the shortest history that the two tell differently.
 */
export async function checkAuthorityHistories(
  factory: StorageFactory,
  { maxCommands = 20, ...parameters }: HistoryOptions = {},
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(authorityHistories(maxCommands), async (history) => {
      const { storage, close } = await factory.open()
      try {
        const real = await newAuthorityWorld(storage)
        await fc.asyncModelRun(() => ({ model: emptyModel(), real }), history)
      } finally {
        await close()
      }
    }),
    parameters,
  )
}
