import type { User, Workspace } from '../../ports/records.js'
import { requireOperator } from '../../steps/access/check-permission.js'
import { currentTime, type Deps, newId } from '../../steps/deps.js'
import { recordUser, recordWorkspace } from '../../steps/recording/record-access.js'
import type { Caller } from '../../steps/stages.js'
import { parseCreateUser, parseCreateWorkspace } from './access-requests.js'

/** @throws {PkiError} `invalid_request` | `permission_denied` | `storage_conflict` / `workspace_slug` */
export async function createWorkspace(input: unknown, caller: Caller, deps: Deps): Promise<Workspace> {
  const { name, slug = slugOf(name), plan = 'free' } = parseCreateWorkspace(input)
  const principal = requireOperator(caller, 'create workspace')
  const workspace: Workspace = { id: newId(deps), name, slug, plan, createdAt: currentTime(deps) }
  await recordWorkspace(workspace, principal, deps)
  return workspace
}

function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/^-|-$/g, '')
  return slug === '' ? 'workspace' : slug
}

/** @throws {PkiError} `invalid_request` | `permission_denied` | `storage_conflict` / `user_email` */
export async function createUser(input: unknown, caller: Caller, deps: Deps): Promise<User> {
  const { email } = parseCreateUser(input)
  const principal = requireOperator(caller, 'create user')
  const user: User = { id: newId(deps), email, createdAt: currentTime(deps) }
  await recordUser(user, principal, deps)
  return user
}
