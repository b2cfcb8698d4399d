import { createHash, randomBytes } from 'node:crypto'
import { type Authority, isPkiError, type Rights, type Storage } from '@certwright/core'
import { asHost, newRoot, newSetting, type Setting, startTime } from './setting.js'

/* A workspace with a member, an OAuth client, and tokens as an authorization server would put them into the store. */

export const all: Rights = { canRead: true, canIssue: true, canRevoke: true }
export const readOnly: Rights = { canRead: true, canIssue: false, canRevoke: false }

export interface AccessSetting extends Setting {
  readonly workspaceId: string
  readonly userId: string
  readonly clientId: string
  /** root → issuing */
  readonly rootId: string
  readonly issuingId: string
}

export async function accessSetting(options: Parameters<typeof newSetting>[0] = {}): Promise<AccessSetting> {
  const setting = newSetting(options)
  const { authority, storage } = setting
  const { id: workspaceId } = await authority.createWorkspace({ name: 'Ours', plan: 'pro' }, asHost)
  const { id: userId } = await authority.createUser({ email: 'ada@example.org' }, asHost)
  const root = await newRoot(authority, { workspaceId })
  const issuing = await authority.createIntermediate(
    { parentCaId: root.id, name: 'Issuing', keyAlgorithm: 'Ed25519' },
    asHost,
  )
  const clientId = await registerClient(storage, 'public-client')
  return { ...setting, workspaceId, userId, clientId, rootId: root.id, issuingId: issuing.id }
}

export async function registerClient(storage: Storage, id: string, createdAt = startTime): Promise<string> {
  const client = {
    id,
    kind: 'public',
    name: 'Inventory',
    redirectUris: ['https://inventory.example/callback'],
    metadata: '{}',
    createdAt,
  } as const
  await storage.transaction((tx) => tx.insertOAuthClient(client))
  return id
}

/** An access token for a grant. */
export async function tokenFor(
  storage: Storage,
  grantId: string,
  expiresAt = new Date(startTime.getTime() + 3_600_000),
): Promise<string> {
  const token = `cm_oauth_${randomBytes(32).toString('base64url')}`
  const idHash = createHash('sha256').update(token).digest('hex')
  const artifact = { kind: 'AccessToken', idHash, grantId, payload: '{}', expiresAt } as const
  await storage.transaction((tx) => tx.putOAuthArtifact(artifact))
  return token
}

/** A grant of the member, and a token for it. */
export async function grantedToken(
  { authority, storage, clientId, workspaceId, userId }: AccessSetting,
  rights: Readonly<Record<string, Rights>>,
): Promise<{ readonly grantId: string; readonly token: string }> {
  const grant = await authority.grantAccess({ clientId, workspaceId, userId, rights }, asHost)
  return { grantId: grant.id, token: await tokenFor(storage, grant.id) }
}

export const callerOf = async (authority: Authority, credential: string) => ({
  principal: await authority.authenticate(credential),
})

export async function codeOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt
    return 'ok'
  } catch (error) {
    if (isPkiError(error)) return error.code
    throw error
  }
}
