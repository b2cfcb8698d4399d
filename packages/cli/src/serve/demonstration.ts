import { type Authority, type CaRecord, hasCode, operator, type Storage } from '@certwright/core'

export interface Demonstration {
  readonly workspaceId: string
  /** The demonstration's user, who may do everything in its workspace. */
  readonly userId: string
  readonly rootCaId: string
  readonly issuingCaId: string
}

const caller = { principal: operator('certwright serve') }
const slug = 'demonstration'
const rootName = 'Demo Root CA'
const issuingName = 'Demo Issuing CA'

/**
 * What the first request needs: a workspace, a root and an issuing CA. What is there already stays as it is, so that a
 * start which was cut short is finished by the next one, and two that begin together make one demonstration.
 *
 * @returns `undefined`, and nothing is made, where the store has CAs of somebody else
 */
export async function findOrCreateDemonstration(
  authority: Authority,
  storage: Storage,
): Promise<Demonstration | undefined> {
  const isTaken = (await storage.listCas({ includeRevoked: true })).length > 0
  if (isTaken && (await storage.findWorkspaceBySlug(slug)) === undefined) return undefined
  const workspace = await findOrCreate(
    () => storage.findWorkspaceBySlug(slug),
    () => authority.createWorkspace({ name: 'Demonstration', slug, plan: 'free' }, caller),
  )
  const { id: userId } = await findOrCreate(
    () => demonstrationUser(storage),
    () => authority.createUser({ email: 'demo@example.org' }, caller),
  )
  // Stores of an earlier version have the user and no member.
  await findOrCreate(
    () => storage.findMembership(workspace.id, userId),
    () => authority.addMember({ workspaceId: workspace.id, userId, rights: 'all' }, caller),
  )
  const rootCaId = await findOrCreateCa(storage, workspace.id, rootName, () =>
    authority.createRoot(
      {
        workspaceId: workspace.id,
        name: rootName,
        subject: { commonName: rootName, organization: 'Certwright Demonstration' },
        keyAlgorithm: 'ECDSA-P384',
      },
      caller,
    ),
  )
  const issuingCaId = await findOrCreateCa(storage, workspace.id, issuingName, () =>
    authority.createIntermediate(
      {
        parentCaId: rootCaId,
        name: issuingName,
        subject: { commonName: issuingName, organization: 'Certwright Demonstration' },
        keyAlgorithm: 'ECDSA-P256',
        pathLength: 0,
      },
      caller,
    ),
  )
  return { workspaceId: workspace.id, userId, rootCaId, issuingCaId }
}

/** A key with every right on both CAs. @returns the secret, which exists only here and as a digest in the store */
export async function createDemonstrationKey(
  { workspaceId, userId, rootCaId, issuingCaId }: Demonstration,
  authority: Authority,
): Promise<string> {
  const key = await authority.createApiKey(
    { workspaceId, userId, name: 'Demonstration key', caIds: [rootCaId, issuingCaId] },
    caller,
  )
  return key.secret
}

/** When the first key was made: one that this start cannot show. @returns `undefined`: there was none */
export async function firstKeyMadeAt(
  { workspaceId }: Demonstration,
  storage: Storage,
): Promise<Date | undefined> {
  const events = await storage.listAuditEvents({ workspaceId }, firstEvents)
  return events.find(({ type }) => type === 'api_key.created')?.at
}

/** The demonstration is the first thing that happens in its store: its events are among these, with room to spare. */
const firstEvents = 100

async function demonstrationUser(storage: Storage): Promise<{ readonly id: string } | undefined> {
  const events = await storage.listAuditEvents({}, firstEvents)
  const created = events.find(
    ({ type, actor }) => type === 'user.created' && actor.id === caller.principal.id,
  )
  return created && { id: created.subjectId }
}

/** A revoked CA is found as well: the demonstration does not come back to life. */
async function findOrCreateCa(
  storage: Storage,
  workspaceId: string,
  name: string,
  create: () => Promise<{ readonly id: string }>,
): Promise<string> {
  const isSo = (ca: CaRecord): boolean => ca.name === name
  const find = async () => (await storage.listCas({ workspaceId, includeRevoked: true })).find(isSo)
  return (await findOrCreate<{ readonly id: string }>(find, create)).id
}

/** Where another process has been faster, what it made. */
async function findOrCreate<T>(find: () => Promise<T | undefined>, create: () => Promise<T>): Promise<T> {
  const known = await find()
  if (known !== undefined) return known
  try {
    return await create()
  } catch (error) {
    const made = hasCode(error, 'storage_conflict') ? await find() : undefined
    if (made === undefined) throw error
    return made
  }
}
