import { PkiError } from '../../errors/pki-error.js'
import type { Workspace } from '../../ports/records.js'
import type { Deps } from '../deps.js'

/** @throws {PkiError} `workspace_not_found` */
export async function requireWorkspace(workspaceId: string, deps: Deps): Promise<Workspace> {
  const workspace = await deps.storage.findWorkspace(workspaceId)
  if (workspace !== undefined) return workspace
  throw new PkiError('workspace_not_found', `Cannot find workspace: there is none with id ${workspaceId}`, {
    workspaceId,
  })
}
