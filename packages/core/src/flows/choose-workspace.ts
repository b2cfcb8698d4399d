import { hasCode } from '../errors/pki-error.js'
import type { Workspace } from '../ports/records.js'
import type { Principal } from '../rules/permission/principal.js'
import { requireWorkspace } from '../steps/access/require-workspace.js'
import { currentTime, type Deps, newId } from '../steps/deps.js'
import { recordWorkspace } from '../steps/recording/record-access.js'

const defaultSlug = 'default'

/**
 * The workspace that was named, or, for a host that knows of none, the one called `default`, made when it is first needed.
 *
 * @throws {PkiError} `workspace_not_found`
 */
export async function chooseWorkspace(
  workspaceId: string | undefined,
  principal: Principal,
  deps: Deps,
): Promise<Workspace> {
  if (workspaceId !== undefined) return requireWorkspace(workspaceId, deps)
  const existing = await deps.storage.findWorkspaceBySlug(defaultSlug)
  if (existing !== undefined) return existing
  const created = {
    id: newId(deps),
    name: 'Default',
    slug: defaultSlug,
    plan: 'pro',
    createdAt: currentTime(deps),
  } as const
  try {
    await recordWorkspace(created, principal, deps)
    return created
  } catch (error) {
    const winner = hasCode(error, 'storage_conflict')
      ? await deps.storage.findWorkspaceBySlug(defaultSlug)
      : undefined
    if (winner === undefined) throw error
    return winner
  }
}
