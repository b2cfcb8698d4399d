import type { Deps } from '../deps.js'
import { caNotFound } from './check-permission.js'

/**
 * Rights are given on CAs of the workspace that are not revoked.
 *
 * @throws {PkiError} `ca_not_found`
 */
export async function requireLiveCas(
  caIds: Iterable<string>,
  workspaceId: string,
  deps: Deps,
): Promise<void> {
  const wanted = [...caIds]
  const known = new Set((await deps.storage.listCas({ workspaceId, caIds: wanted })).map((ca) => ca.id))
  const missing = wanted.find((caId) => !known.has(caId))
  if (missing !== undefined) throw caNotFound(missing)
}
