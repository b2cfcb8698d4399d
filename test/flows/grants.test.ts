import { createAuthority } from '@certwright/core'
import { describe, expect, it } from 'vitest'
import {
  accessSetting,
  all,
  callerOf,
  codeOf,
  grantedToken,
  readOnly,
  registerClient,
  tokenFor,
} from './access-setting.js'
import { asHost, day, startTime } from './setting.js'

async function withMember() {
  const setting = await accessSetting()
  const { authority, workspaceId, userId, rootId, issuingId } = setting
  const rights = { [rootId]: all, [issuingId]: readOnly }
  await authority.addMember({ workspaceId, userId, rights }, asHost)
  return setting
}

describe('a grant', () => {
  it('is refused where it is wider than the membership, or grants nothing, or a CA that is no more', async () => {
    const { authority, clientId, workspaceId, userId, rootId, issuingId } = await withMember()
    const foreign = await authority.createRoot({ name: 'Foreign', keyAlgorithm: 'Ed25519' }, asHost)
    const grant = (change: object) =>
      codeOf(
        authority.grantAccess(
          { clientId, workspaceId, userId, rights: { [rootId]: all }, ...change },
          asHost,
        ),
      )
    const nothing = { canRead: false, canIssue: false, canRevoke: false }
    expect(await grant({ rights: { [issuingId]: all } })).toBe('permission_denied')
    expect(await grant({ rights: {} })).toBe('invalid_request')
    expect(await grant({ rights: { [rootId]: nothing } })).toBe('invalid_request')
    expect(await grant({ rights: { [foreign.id]: readOnly } })).toBe('ca_not_found')
    expect(await grant({ clientId: 'unknown' })).toBe('oauth_client_not_found')
    expect(await grant({ workspaceId: foreign.workspaceId, rights: { [foreign.id]: readOnly } })).toBe(
      'member_not_found',
    )
    await authority.revokeCa({ caId: issuingId }, asHost)
    expect(await grant({ rights: { [issuingId]: readOnly } })).toBe('ca_not_found')
    expect((await authority.listGrants({}, asHost)).total).toBe(0)
    expect(await grant({})).toBe('ok')
  })

  it('stands behind a token: whoami tells the client, and only what the user may do now', async () => {
    const setting = await withMember()
    const { authority, workspaceId, userId, rootId, issuingId, clientId } = setting
    const { token } = await grantedToken(setting, { [rootId]: all, [issuingId]: readOnly })
    const rights = async () => (await authority.whoami(await callerOf(authority, token))).permissions
    expect(await authority.whoami(await callerOf(authority, token))).toEqual({
      user: { id: userId, email: 'ada@example.org' },
      workspace: { id: workspaceId, name: 'Ours', slug: 'ours' },
      oauthClient: { id: clientId, name: 'Inventory' },
      permissions: { [rootId]: all, [issuingId]: readOnly },
    })
    await authority.changeMemberRights({ workspaceId, userId, rights: { [rootId]: readOnly } }, asHost)
    expect(await rights()).toEqual({ [rootId]: readOnly })
    await authority.changeMemberRights({ workspaceId, userId, rights: 'all' }, asHost)
    expect(await rights()).toEqual({ [rootId]: all, [issuingId]: readOnly })
    await authority.revokeCa({ caId: issuingId }, asHost)
    expect(await rights()).toEqual({ [rootId]: all })
  })

  it.each<[string, (s: Awaited<ReturnType<typeof withMember>>, grantId: string) => Promise<unknown>]>([
    ['it is revoked', ({ authority }, grantId) => authority.revokeGrant({ grantId }, asHost)],
    ['its client is deleted', ({ authority, clientId }) => authority.deleteOAuthClient({ clientId }, asHost)],
    [
      'its member has left',
      ({ authority, workspaceId, userId }) => authority.removeMember({ workspaceId, userId }, asHost),
    ],
    ['its token has expired', async ({ clock }) => clock.forward(3600)],
  ])('ends at once in every process when %s', async (_, end) => {
    const setting = await withMember()
    const { storage, custody, clock, rootId } = setting
    const { grantId, token } = await grantedToken(setting, { [rootId]: all })
    const other = createAuthority({ storage, custody, clock })
    expect(await codeOf(other.authenticate(token))).toBe('ok')
    await end(setting, grantId)
    expect(await codeOf(other.authenticate(token))).toBe('invalid_credentials')
  })

  it('does not come back with a member who comes back', async () => {
    const setting = await withMember()
    const { authority, workspaceId, userId, rootId } = setting
    const { token } = await grantedToken(setting, { [rootId]: all })
    const { secret } = await authority.createApiKey(
      { workspaceId, userId, name: 'key', caIds: [rootId] },
      asHost,
    )
    const removed = await authority.removeMember({ workspaceId, userId }, asHost)
    expect(removed).toEqual({ wasMember: true, revokedApiKeys: 1, revokedGrants: 1 })
    await authority.addMember({ workspaceId, userId, rights: 'all' }, asHost)
    for (const credential of [token, secret]) {
      expect(await codeOf(authority.authenticate(credential))).toBe('invalid_credentials')
    }
  })

  it('is shown and revoked by its user’s key and by its own token, and by no other', async () => {
    const setting = await withMember()
    const { authority, workspaceId, userId, rootId } = setting
    const [first, second] = [
      await grantedToken(setting, { [rootId]: all }),
      await grantedToken(setting, { [rootId]: readOnly }),
    ]
    const { id: strangerId } = await authority.createUser({ email: 'bob@example.org' }, asHost)
    const keyOf = async (id: string) => {
      const wish = { workspaceId, userId: id, name: 'key', caIds: [rootId] }
      return callerOf(authority, (await authority.createApiKey(wish, asHost)).secret)
    }
    const [owner, stranger] = [await keyOf(userId), await keyOf(strangerId)]
    const token = await callerOf(authority, first.token)
    const seen = async (caller: typeof owner) =>
      (await authority.listGrants({}, caller)).items.map(({ id }) => id).sort()
    expect(await seen(owner)).toEqual([first.grantId, second.grantId].sort())
    expect(await seen(token)).toEqual([first.grantId])
    expect(await seen(stranger)).toEqual([])
    expect((await authority.listGrants({ userId }, stranger)).total).toBe(0)
    const revoke = (grantId: string, caller: typeof owner) =>
      codeOf(authority.revokeGrant({ grantId }, caller))
    expect(await revoke(second.grantId, token)).toBe('oauth_grant_not_found')
    expect(await revoke(second.grantId, stranger)).toBe('oauth_grant_not_found')
    expect(await revoke(second.grantId, owner)).toBe('ok')
    expect(await revoke(second.grantId, owner)).toBe('oauth_grant_revoked')
    expect(await revoke(first.grantId, token)).toBe('ok')
  })

  it('is what a consent page can offer: live CAs, with the most that the member may', async () => {
    const { authority, workspaceId, userId, rootId, issuingId } = await withMember()
    const offered = async () => await authority.listGrantable({ userId }, asHost)
    const workspace = { id: workspaceId, name: 'Ours', slug: 'ours' }
    const root = { id: rootId, name: 'Root', depth: 0, rights: all }
    const issuing = { id: issuingId, name: 'Issuing', depth: 1, parentCaId: rootId, rights: readOnly }
    // Both are of one second, and so in the order of their ids.
    const both = [root, issuing].sort((a, b) => (a.id < b.id ? -1 : 1))
    expect(await offered()).toEqual([{ workspace, cas: both }])
    await authority.revokeCa({ caId: issuingId }, asHost)
    expect(await offered()).toEqual([{ workspace, cas: [root] }])
  })
})

describe('an OAuth client', () => {
  it('that is confidential has a secret that is shown once, and again when it is rotated', async () => {
    const { authority, storage, workspaceId, userId } = await withMember()
    const wish = { workspaceId, userId, name: 'Shop', redirectUris: ['https://shop.example/callback'] }
    const { client, secret } = await authority.createOAuthClient(wish, asHost)
    expect(secret).toMatch(/^cm_secret_[\w-]{43}$/)
    const rotated = await authority.rotateOAuthClientSecret({ clientId: client.id }, asHost)
    expect(rotated.secret).not.toBe(secret)
    const { items } = await authority.listOAuthClients({ kind: 'confidential' }, asHost)
    expect(items).toEqual([client])
    const told = JSON.stringify([items, await storage.listAuditEvents({ subjectId: client.id }, 10)])
    for (const leaked of [secret, rotated.secret]) expect(told).not.toContain(leaked)
  })

  it.each([
    ['javascript:alert(1)'],
    ['data:text/html,x'],
    ['http://shop.example/'],
    ['https://shop.example/#here'],
    ['https://user:word@shop.example/'],
    ['/callback'],
    ['myapp:/callback'],
  ])('is not made with a redirect to %s', async (redirectUri) => {
    const { authority, workspaceId, userId } = await withMember()
    const wish = { workspaceId, userId, name: 'Shop', redirectUris: [redirectUri] }
    expect(await codeOf(authority.createOAuthClient(wish, asHost))).toBe('invalid_request')
  })

  it.each([
    ['https://shop.example/cb?x=1'],
    ['http://127.0.0.1/cb'],
    ['http://[::1]:8080/'],
    ['com.example.app:/cb'],
  ])('is made with a redirect to %s', async (redirectUri) => {
    const { authority, workspaceId, userId } = await withMember()
    const wish = { workspaceId, userId, name: 'Shop', redirectUris: [redirectUri] }
    expect(await codeOf(authority.createOAuthClient(wish, asHost))).toBe('ok')
  })

  it('is its owner’s to list and delete, with an API key and not with a token', async () => {
    const setting = await withMember()
    const { authority, workspaceId, userId, rootId } = setting
    const wish = { workspaceId, userId, name: 'Shop', redirectUris: ['https://shop.example/'] }
    const { client } = await authority.createOAuthClient(wish, asHost)
    const { secret } = await authority.createApiKey(
      { workspaceId, userId, name: 'k', caIds: [rootId] },
      asHost,
    )
    const owner = await callerOf(authority, secret)
    const token = await callerOf(authority, (await grantedToken(setting, { [rootId]: all })).token)
    expect(await codeOf(authority.listOAuthClients({}, token))).toBe('permission_denied')
    expect(await codeOf(authority.deleteOAuthClient({ clientId: client.id }, token))).toBe(
      'permission_denied',
    )
    expect((await authority.listOAuthClients({}, owner)).items).toEqual([client])
    expect(await codeOf(authority.deleteOAuthClient({ clientId: setting.clientId }, owner))).toBe(
      'oauth_client_not_found',
    )
    expect(await codeOf(authority.deleteOAuthClient({ clientId: client.id }, owner))).toBe('ok')
  })
})

describe('garbage', () => {
  it('is what has expired, ended and was never used, and nothing else', async () => {
    const setting = await withMember()
    const { authority, storage, clock, rootId, clientId } = setting
    const { grantId } = await grantedToken(setting, { [rootId]: all })
    await registerClient(storage, 'unused')
    const collect = () => authority.collectGarbage({}, asHost)
    expect(await collect()).toEqual({ artifacts: 0, grants: 0, clients: 0, isComplete: true })
    clock.forward(7 * day)
    expect(await collect()).toEqual({ artifacts: 1, grants: 0, clients: 1, isComplete: true })
    const live = await tokenFor(storage, grantId, new Date(startTime.getTime() + 365 * day * 1000))
    expect(await codeOf(authority.authenticate(live))).toBe('ok')
    await authority.revokeGrant({ grantId }, asHost)
    clock.forward(30 * day)
    expect(await collect()).toMatchObject({ grants: 1, clients: 1 })
    expect(await storage.findOAuthClient(clientId)).toBeUndefined()
  })

  it('is collected in batches, however much there is', async () => {
    const setting = await withMember()
    const { authority, storage, clock } = setting
    await storage.transaction(async (tx) => {
      for (let i = 0; i < 1234; i++) {
        const idHash = i.toString(16).padStart(64, '0')
        await tx.putOAuthArtifact({ kind: 'Session', idHash, payload: '{}', expiresAt: startTime })
      }
    })
    clock.forward(1)
    expect(await authority.collectGarbage({}, asHost)).toMatchObject({ artifacts: 1234, isComplete: true })
  })
})
