import { type Authority, operator } from '@certwright/core'

export interface Demonstration {
  /** The secret itself: it exists only here and as a digest in the store. */
  readonly apiKey: string
  readonly workspaceId: string
  readonly rootCaId: string
  readonly issuingCaId: string
}

/** What the first request needs: a workspace with a user, a root and an issuing CA, and a key with every right on both. */
export async function createDemonstration(authority: Authority): Promise<Demonstration> {
  const caller = { principal: operator('certwright serve') }
  const workspace = await authority.createWorkspace(
    { name: 'Demonstration', slug: 'demonstration', plan: 'free' },
    caller,
  )
  const user = await authority.createUser({ email: 'demo@example.org' }, caller)
  const root = await authority.createRoot(
    {
      workspaceId: workspace.id,
      name: 'Demo Root CA',
      subject: { commonName: 'Demo Root CA', organization: 'Certwright Demonstration' },
      keyAlgorithm: 'ECDSA-P384',
    },
    caller,
  )
  const issuing = await authority.createIntermediate(
    {
      parentCaId: root.id,
      name: 'Demo Issuing CA',
      subject: { commonName: 'Demo Issuing CA', organization: 'Certwright Demonstration' },
      keyAlgorithm: 'ECDSA-P256',
      pathLength: 0,
    },
    caller,
  )
  const key = await authority.createApiKey(
    {
      workspaceId: workspace.id,
      userId: user.id,
      name: 'Demonstration key',
      caIds: [root.id, issuing.id],
    },
    caller,
  )
  return { apiKey: key.secret, workspaceId: workspace.id, rootCaId: root.id, issuingCaId: issuing.id }
}
