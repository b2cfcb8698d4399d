import type { Page, PageRequest, Rights, Storage } from '@certwright/core'
import { type Finding, finding } from './finding.js'
import type { Patient } from './patient.js'

/** Who may do what: a key, a member or a grant, by what it says of itself. */
interface Access {
  readonly subject: string
  readonly workspaceId: string
  readonly userId: string
  readonly clientId?: string
  readonly rights: 'all' | ReadonlyMap<string, Rights>
}

/**
 * API keys, members and grants that count are of a workspace, a user and a client that are there, and their rights are on
 * CAs of that workspace: a right on another one's would be access that nobody has given.
 */
export async function* checkAccess({ cas, storage, progress }: Patient): AsyncGenerator<Finding> {
  const workspaces = new Map(cas.map(({ id, workspaceId }) => [id, workspaceId]))
  let done = 0
  for await (const access of allAccess(storage)) {
    for (const missing of await missingOf(access, storage)) {
      yield finding('access', access.subject, `its ${missing} is not there`)
    }
    for (const caId of access.rights === 'all' ? [] : access.rights.keys()) {
      if (workspaces.has(caId) && workspaces.get(caId) === access.workspaceId) continue
      const what = workspaces.has(caId) ? 'of another workspace' : 'which is not there'
      yield finding('access', access.subject, `it has rights on CA ${caId}, ${what}`)
    }
    done += 1
    progress('keys, members and grants', done)
  }
}

async function* allAccess(storage: Storage): AsyncGenerator<Access> {
  for await (const key of pagesOf((page) => storage.listApiKeys({}, page))) {
    yield { ...key, subject: `API key ${key.id}`, rights: key.grants }
  }
  for await (const member of pagesOf((page) => storage.listMemberships({}, page))) {
    yield { ...member, subject: `member ${member.userId} of workspace ${member.workspaceId}` }
  }
  for await (const grant of pagesOf((page) => storage.listOAuthGrants({}, page))) {
    if (grant.revokedAt === undefined) yield { ...grant, subject: `grant ${grant.id}` }
  }
}

async function missingOf(
  { workspaceId, userId, clientId }: Access,
  storage: Storage,
): Promise<readonly string[]> {
  const [workspace, user, client] = await Promise.all([
    storage.findWorkspace(workspaceId),
    storage.findUser(userId),
    clientId === undefined ? undefined : storage.findOAuthClient(clientId),
  ])
  return [
    ...(workspace === undefined ? [`workspace ${workspaceId}`] : []),
    ...(user === undefined ? [`user ${userId}`] : []),
    ...(clientId !== undefined && client === undefined ? [`client ${clientId}`] : []),
  ]
}

const pageSize = 100

async function* pagesOf<T>(read: (page: PageRequest) => Promise<Page<T>>): AsyncGenerator<T> {
  for (let page = 1; ; page++) {
    const { items } = await read({ page, pageSize })
    yield* items
    if (items.length < pageSize) return
  }
}
