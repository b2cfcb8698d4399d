import { setTimeout as sleep } from 'node:timers/promises'
import type { Authority, Storage } from '@certwright/core'
import type { StorePlace } from '../store/place.js'
import { apiKeyFile, keepApiKey, readApiKey } from './api-key-file.js'
import {
  createDemonstrationKey,
  type Demonstration,
  findOrCreateDemonstration,
  firstKeyMadeAt,
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
  const madeAt = wanted.newApiKey ? undefined : await firstKeyMadeAt(demonstration, storage)
  if (madeAt !== undefined) {
    const late = await lateApiKey(authority, place, madeAt)
    return { demonstration, ...(late !== undefined && { apiKey: late }) }
  }
  const apiKey = await createDemonstrationKey(demonstration, authority)
  await keepApiKey(place, apiKey)
  return { demonstration, apiKey }
}

/** Milliseconds between the creation of a key and its file, at most: longer ago, the file is not only late. */
const longestWrite = 5000
const pause = 50

/** Where a start beside this one has made the key just now, it is about to write it down. */
async function lateApiKey(
  authority: Authority,
  place: StorePlace,
  madeAt: Date,
): Promise<string | undefined> {
  if (apiKeyFile(place) === undefined || Date.now() - madeAt.getTime() > longestWrite) return undefined
  for (let waited = 0; waited < longestWrite; waited += pause) {
    if ((await readApiKey(place)) !== undefined) return keptApiKey(authority, place)
    await sleep(pause)
  }
  return undefined
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
