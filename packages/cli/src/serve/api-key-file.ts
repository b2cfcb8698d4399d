import { readFile } from 'node:fs/promises'
import type { StorePlace } from '../store/place.js'
import { writeSecretFile } from '../store/secret-file.js'

/**
 * The demonstration key of an embedded store, so that each start can show it: the store keeps its hash alone. It lies
 * beside the key file, which opens far more. A database that others use has no such file.
 */
export const apiKeyFile = (place: StorePlace): string | undefined =>
  place.kind === 'folder' ? `${place.path}.api-key` : undefined

/** @returns `undefined` where there is none, or none that we may read */
export async function readApiKey(place: StorePlace): Promise<string | undefined> {
  const path = apiKeyFile(place)
  if (path === undefined) return undefined
  return readFile(path, 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  )
}

export async function keepApiKey(place: StorePlace, apiKey: string): Promise<void> {
  const path = apiKeyFile(place)
  if (path !== undefined) await writeSecretFile(path, `${apiKey}\n`, { replace: true })
}
