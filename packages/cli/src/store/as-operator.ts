import { type Authority, createAuthority, isPkiError, operator, type Storage } from '@certwright/core'
import { memoryCustody } from '@certwright/memory'
import { CommandError } from '../command-error.js'
import { explainFault } from './faults.js'
import { openExistingStore } from './open-store.js'
import type { StorePlace } from './place.js'

/** A store that is there, and its authority, for work that signs nothing. */
export interface OperatorsStore {
  readonly authority: Authority
  readonly storage: Storage
  readonly caller: typeof caller
}

const caller = { principal: operator('certwright') }

/** Do something with a store as its operator. @throws {CommandError} with what to do */
export async function asOperator<T>(
  place: StorePlace,
  command: string,
  work: (opened: OperatorsStore) => Promise<T>,
): Promise<T> {
  const { storage, close } = await openExistingStore(place, command)
  try {
    // Nothing here signs: a custody without keys is enough.
    const authority = createAuthority({ storage, custody: memoryCustody() })
    return await work({ authority, storage, caller })
  } catch (error) {
    const explained = explainFault(error, place, command)
    if (!isPkiError(explained)) throw explained
    const state = explained.message.replace(/^Cannot /, 'cannot ')
    throw new CommandError('failure', state, { cause: explained })
  } finally {
    await close()
  }
}
