import type { Authority, Storage } from '@certwright/core'
import type { StorePlace } from '../store/place.js'
import { keepApiKey, readApiKey } from './api-key-file.js'
import {
  createDemonstrationKey,
  type Demonstration,
  findOrCreateDemonstration,
  hasDemonstrationKey,
} from './demonstration.js'

export interface Demonstrated {
  readonly demonstration?: Demonstration
  readonly apiKey?: string
}

/**
 * The demonstration of a store, and a key for it where this start has one to show: a new one at the first start and when
 * asked for, else the one that an earlier start has kept in its file.
 */
export async function demonstrate(
  authority: Authority,
  { storage, place }: { readonly storage: Storage; readonly place: StorePlace },
  wanted: { readonly newApiKey: boolean },
): Promise<Demonstrated> {
  const demonstration = await findOrCreateDemonstration(authority, storage)
  if (demonstration === undefined) return {}
  const kept = wanted.newApiKey ? undefined : await keptApiKey(authority, place)
  if (kept !== undefined) return { demonstration, apiKey: kept }
  if (!wanted.newApiKey && (await hasDemonstrationKey(demonstration, storage))) return { demonstration }
  const apiKey = await createDemonstrationKey(demonstration, authority)
  await keepApiKey(place, apiKey)
  return { demonstration, apiKey }
}

/** Not one that the store does not know, as when the file is of an older store. */
async function keptApiKey(authority: Authority, place: StorePlace): Promise<string | undefined> {
  const apiKey = await readApiKey(place)
  if (apiKey === undefined) return undefined
  return authority.authenticate(apiKey).then(
    () => apiKey,
    () => undefined,
  )
}
