import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { SealedKeyStore, Storage } from '@certwright/core'
import type { RateLimitStore } from '@certwright/http'
import { memoryStorage } from '@certwright/memory'
import { fromPool, postgresKeyStore, postgresRateLimitStore, postgresStorage } from '@certwright/postgres'
import { sqliteStorage } from '@certwright/sqlite'
import { CommandError } from '../command-error.js'
import { requireDataFolder } from './data-folder.js'
import { explainFault } from './faults.js'
import type { StorePlace } from './place.js'
import { postgresPool } from './postgres-pool.js'

export interface OpenedStore {
  readonly place: StorePlace
  readonly storage: Storage
  /** Absent in memory, where custody has its own. */
  readonly keys: SealedKeyStore | undefined
  /** Where several processes count requests together; absent where there can only be one. */
  readonly rateLimitStore?: RateLimitStore
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
  if (place.kind === 'database') return openDatabase(place.url, place, command)
  if (place.kind === 'memory') throw new TypeError('openKept: memory keeps nothing')
  try {
    const storage = sqliteStorage(join(place.path, databaseFile))
    return { place, storage, keys: storage.keys, close: () => storage.close() }
  } catch (error) {
    throw explainFault(error, place, command)
  }
}

/** The schema is not made on the way: who has a database server decides when it changes. */
async function openDatabase(url: string, place: StorePlace, command: string): Promise<ExistingStore> {
  const pool = await postgresPool(url)
  const executor = fromPool(pool, { prepare: !isBehindOldPgBouncer(url) })
  const storage = postgresStorage(executor)
  try {
    // The first question tells whether the database can be used at all.
    await storage.listOutboxEvents(1)
  } catch (error) {
    await pool.end()
    throw explainFault(error, place, command)
  }
  return {
    place,
    storage,
    keys: postgresKeyStore(executor),
    rateLimitStore: postgresRateLimitStore(executor),
    close: () => pool.end(),
  }
}

/** `?pgbouncer=true`, as in the URLs of Prisma: a pooler that does not know prepared statements. */
const isBehindOldPgBouncer = (url: string): boolean => new URL(url).searchParams.get('pgbouncer') === 'true'
