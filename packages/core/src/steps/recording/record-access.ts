import type { User, Workspace } from '../../ports/records.js'
import type { Principal } from '../../rules/permission/principal.js'
import type { Deps } from '../deps.js'
import { actorOf, appendEvents } from './append-events.js'
import { transact } from './transact.js'

/** @throws {PkiError} `storage_conflict` / `workspace_slug` */
export const recordWorkspace = (workspace: Workspace, principal: Principal, deps: Deps): Promise<void> =>
  transact(deps.storage, async (tx) => {
    await tx.insertWorkspace(workspace)
    await appendEvents(
      tx,
      [
        {
          type: 'workspace.created',
          at: workspace.createdAt,
          actor: actorOf(principal),
          workspaceId: workspace.id,
          subjectId: workspace.id,
          details: { name: workspace.name, plan: workspace.plan },
        },
      ],
      deps,
    )
  })

/** @throws {PkiError} `storage_conflict` / `user_email` */
export const recordUser = (user: User, principal: Principal, deps: Deps): Promise<void> =>
  transact(deps.storage, async (tx) => {
    await tx.insertUser(user)
    await appendEvents(
      tx,
      [{ type: 'user.created', at: user.createdAt, actor: actorOf(principal), subjectId: user.id }],
      deps,
    )
  })
