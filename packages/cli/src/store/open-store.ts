import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { SealedKeyStore, Storage } from '@certwright/core'
import { memoryStorage } from '@certwright/memory'
import { sqliteStorage } from '@certwright/sqlite'
import { CommandError } from '../command-error.js'
import { requireDataFolder } from './data-folder.js'
import { explainFault } from './faults.js'
import type { StorePlace } from './place.js'

export interface OpenedStore {
  readonly place: StorePlace
  readonly storage: Storage
  /** Absent in memory, where custody has its own. */
  readonly keys: SealedKeyStore | undefined
  readonly close: () => Promise<void>
}

/** A store that is opened to be looked at. */
export type ExistingStore = OpenedStore & { readonly keys: SealedKeyStore }

/** In the data folder. */
const databaseFile = 'certwright.db'

/** Open a store, and make it where it is a folder and there is none. @throws {CommandError} with what to do */
export async function openStore(place: StorePlace, command: string): Promise<OpenedStore> {
  if (place.kind === 'memory') {
    return { place, storage: memoryStorage(), keys: undefined, close: async () => undefined }
  }
  if (place.kind === 'folder') await requireDataFolder(place.path)
  return openKept(place, command)
}

/** The same for a command that makes nothing. @throws {CommandError} with what to do */
export async function openExistingStore(place: StorePlace, command: string): Promise<ExistingStore> {
  if (place.kind === 'folder' && !existsSync(join(place.path, databaseFile))) {
    throw new CommandError(
      'failure',
      `cannot ${command}: there is no store in ${place.path}; name its folder with --data`,
    )
  }
  return openKept(place, command)
}

async function openKept(place: StorePlace, command: string): Promise<ExistingStore> {
  if (place.kind !== 'folder') {
    throw new CommandError('usage', `cannot ${command}: this version has no --database yet; use --data`)
  }
  try {
    const storage = sqliteStorage(join(place.path, databaseFile))
    return { place, storage, keys: storage.keys, close: () => storage.close() }
  } catch (error) {
    throw explainFault(error, place, command)
  }
}
