import { hasCode } from '@certwright/core'
import { CommandError } from '../command-error.js'
import { placeName, type StorePlace } from './place.js'

/** What a store says that cannot be used, as one sentence that says where; any other error as it is. */
export function explainFault(error: unknown, place: StorePlace, command: string): unknown {
  if (!hasCode(error, 'storage_unavailable')) return error
  const state = error.message.replace(/^Cannot [^:]*: /, '')
  return new CommandError('failure', `cannot ${command} from ${placeName(place)}: ${state}`, { cause: error })
}
