import { PkiError } from '../../errors/pki-error.js'
import type { Deps } from '../deps.js'

/**
 * Before a key is made and a serial number spent. The store's own uniqueness rule decides where two ask at once.
 *
 * @throws {PkiError} `storage_conflict` / `ca_name`
 */
export async function requireFreeCaName(name: string, workspaceId: string, deps: Deps): Promise<void> {
  const cas = await deps.storage.listCas({ workspaceId })
  if (!cas.some((ca) => ca.name === name)) return
  const state = `the workspace has a CA "${name}" already; choose another name`
  throw new PkiError('storage_conflict', `Cannot create CA: ${state}`, { constraint: 'ca_name' })
}
