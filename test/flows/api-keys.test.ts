import { createAuthority } from '@certwright/core'
import { describe, expect, it } from 'vitest'
import { accessSetting, all, callerOf, codeOf, readOnly } from './access-setting.js'
import { asHost, startTime } from './setting.js'
import { replaceMethods } from '../../packages/testing/src/chaos/replace-methods.js'

async function withKey(expiresAt?: Date) {
  const setting = await accessSetting()
  const { authority, workspaceId, userId, rootId } = setting
  const { apiKey, secret } = await authority.createApiKey(
    { workspaceId, userId, name: 'deploy', caIds: [rootId], ...(expiresAt && { expiresAt }) },
    asHost,
  )
  const works = async (credential = secret) => (await codeOf(authority.authenticate(credential))) === 'ok'
  return { ...setting, apiKey, apiKeyId: apiKey.id, secret, works }
}

describe('an API key', () => {
  it('is listed without anything that could be used, oldest first', async () => {
    const { authority, workspaceId, userId, issuingId, apiKey, clock } = await withKey()
    // Two of one second have no order.
    clock.forward(1)
    const second = await authority.createApiKey(
      { workspaceId, userId, name: 'second', grants: { [issuingId]: readOnly } },
      asHost,
    )
    const { items, total } = await authority.listApiKeys({ workspaceId }, asHost)
    expect(items).toEqual([apiKey, second.apiKey])
    expect(total).toBe(2)
    expect(JSON.stringify(items)).not.toMatch(/[0-9a-f]{64}|cm_[\w-]{20}/)
  })

  it('keeps its secret and its rights under another name', async () => {
    const { authority, apiKeyId, works } = await withKey()
    const renamed = await authority.renameApiKey({ apiKeyId, name: ' release ' }, asHost)
    expect(renamed.name).toBe('release')
    expect(await works()).toBe(true)
  })

  it('that is rotated has a new secret, and the one before is dead at once', async () => {
    const { authority, apiKeyId, secret, works } = await withKey()
    const rotated = await authority.rotateApiKey({ apiKeyId }, asHost)
    expect(rotated.secret).toMatch(/^cm_[\w-]{43}$/)
    expect(rotated.apiKey).toMatchObject({ id: apiKeyId, prefix: rotated.secret.slice(0, 7) })
    expect(await works(rotated.secret)).toBe(true)
    expect(await works(secret)).toBe(false)
  })

  it('that is rotated with an overlap answers to both secrets until the overlap ends', async () => {
    const { authority, clock, apiKeyId, secret, works } = await withKey()
    const rotated = await authority.rotateApiKey({ apiKeyId, overlapSeconds: 60 }, asHost)
    expect(rotated.apiKey.previousSecretValidUntil).toEqual(new Date(startTime.getTime() + 60_000))
    expect([await works(secret), await works(rotated.secret)]).toEqual([true, true])
    clock.forward(60)
    expect([await works(secret), await works(rotated.secret)]).toEqual([false, true])
  })

  it('ends when it is told to, and begins again', async () => {
    const { authority, clock, apiKeyId, works } = await withKey()
    await authority.expireApiKey({ apiKeyId, expiresAt: new Date(startTime.getTime() + 1000) }, asHost)
    expect(await works()).toBe(true)
    clock.forward(1)
    expect(await works()).toBe(false)
    const { expiresAt } = await authority.expireApiKey({ apiKeyId, expiresAt: 'never' }, asHost)
    expect([expiresAt, await works()]).toEqual([undefined, true])
  })

  it('that is revoked is dead for good, also its overlapping secret, and is shown only on request', async () => {
    const { authority, workspaceId, apiKeyId, secret, works } = await withKey()
    const rotated = await authority.rotateApiKey({ apiKeyId, overlapSeconds: 60 }, asHost)
    await authority.revokeApiKey({ apiKeyId }, asHost)
    expect([await works(secret), await works(rotated.secret)]).toEqual([false, false])
    const changes = [
      authority.renameApiKey({ apiKeyId, name: 'x' }, asHost),
      authority.rotateApiKey({ apiKeyId }, asHost),
      authority.expireApiKey({ apiKeyId, expiresAt: 'never' }, asHost),
      authority.revokeApiKey({ apiKeyId }, asHost),
    ]
    for (const change of changes) expect(await codeOf(change)).toBe('api_key_revoked')
    expect((await authority.listApiKeys({ workspaceId }, asHost)).items).toEqual([])
    const shown = await authority.listApiKeys({ workspaceId, includeRevoked: true }, asHost)
    expect(shown.items.map(({ revokedAt }) => revokedAt)).toEqual([startTime])
  })

  it('is dead at once in another process, which has used it a moment ago', async () => {
    const { authority, storage, custody, clock, apiKeyId, secret } = await withKey()
    const other = createAuthority({ storage, custody, clock })
    expect(await codeOf(other.authenticate(secret))).toBe('ok')
    await authority.revokeApiKey({ apiKeyId }, asHost)
    expect(await codeOf(other.authenticate(secret))).toBe('invalid_credentials')
  })

  it('tells when it was used last, with a write a minute and not one a request', async () => {
    const { authority, storage, clock, apiKeyId, secret } = await withKey()
    const lastUse = async () => {
      // Behind every transaction that was begun before.
      await storage.transaction(async () => undefined)
      return (await storage.findApiKey(apiKeyId))?.lastUsedAt
    }
    expect(await lastUse()).toBeUndefined()
    await authority.authenticate(secret)
    expect(await lastUse()).toEqual(startTime)
    clock.forward(59)
    await authority.authenticate(secret)
    expect(await lastUse()).toEqual(startTime)
    clock.forward(1)
    await authority.authenticate(secret)
    expect(await lastUse()).toEqual(clock.now())
  })

  it('works where its use cannot be written down, and the host is told', async () => {
    const { storage, custody, clock, apiKeyId, secret } = await withKey()
    const told = new Promise((resolve) => {
      const readOnlyStorage = replaceMethods(storage, {
        transaction: () => Promise.reject(new Error('read-only')),
      })
      const authority = createAuthority({
        storage: readOnlyStorage,
        custody,
        clock,
        onBackgroundFailure: resolve,
      })
      void authority.authenticate(secret)
    })
    expect(await told).toMatchObject({ task: 'key use', apiKeyId, error: new Error('read-only') })
  })

  it('is the operator’s: neither keys nor tokens manage keys', async () => {
    const { authority, workspaceId, userId, rootId, apiKeyId, secret } = await withKey()
    const caller = await callerOf(authority, secret)
    const attempts = [
      authority.createApiKey({ workspaceId, userId, name: 'x', caIds: [rootId] }, caller),
      authority.listApiKeys({}, caller),
      authority.renameApiKey({ apiKeyId, name: 'x' }, caller),
      authority.rotateApiKey({ apiKeyId }, caller),
      authority.expireApiKey({ apiKeyId, expiresAt: 'never' }, caller),
      authority.revokeApiKey({ apiKeyId }, caller),
    ]
    for (const attempt of attempts) expect(await codeOf(attempt)).toBe('permission_denied')
  })

  it('never says more than its member may do, and the free plan gives no part of the rights', async () => {
    const { authority, workspaceId, userId, rootId } = await withKey()
    await authority.addMember({ workspaceId, userId, rights: { [rootId]: readOnly } }, asHost)
    const wish = { workspaceId, userId, name: 'x' }
    const code = (grants: object) => codeOf(authority.createApiKey({ ...wish, ...grants }, asHost))
    expect(await code({ caIds: [rootId] })).toBe('permission_denied')
    expect(await code({ grants: { [rootId]: readOnly } })).toBe('ok')
    const free = await authority.createWorkspace({ name: 'Free' }, asHost)
    const ca = await authority.createRoot(
      { name: 'R', workspaceId: free.id, keyAlgorithm: 'Ed25519' },
      asHost,
    )
    const inFree = { workspaceId: free.id, userId, name: 'x' }
    expect(await codeOf(authority.createApiKey({ ...inFree, grants: { [ca.id]: readOnly } }, asHost))).toBe(
      'plan_refused',
    )
    expect(await codeOf(authority.createApiKey({ ...inFree, grants: { [ca.id]: all } }, asHost))).toBe('ok')
  })

  it('leaves each change in the audit log, and no secret', async () => {
    const { authority, storage, apiKeyId, secret } = await withKey()
    await authority.renameApiKey({ apiKeyId, name: 'renamed' }, asHost)
    const rotated = await authority.rotateApiKey({ apiKeyId, overlapSeconds: 5 }, asHost)
    await authority.expireApiKey({ apiKeyId, expiresAt: 'never' }, asHost)
    await authority.revokeApiKey({ apiKeyId }, asHost)
    const events = await storage.listAuditEvents({ subjectId: apiKeyId }, 100)
    expect(events.map(({ type }) => type)).toEqual([
      'api_key.created',
      'api_key.renamed',
      'api_key.rotated',
      'api_key.expiry_changed',
      'api_key.revoked',
    ])
    for (const leaked of [secret, rotated.secret]) expect(JSON.stringify(events)).not.toContain(leaked)
  })

  it.each([
    ['a name of nothing', { name: ' ' }, 'renameApiKey'],
    ['an overlap of more than a week', { overlapSeconds: 604_801 }, 'rotateApiKey'],
    ['an overlap below zero', { overlapSeconds: -1 }, 'rotateApiKey'],
    ['an end that is no date', { expiresAt: '2027-01-01' }, 'expireApiKey'],
    ['a field that nobody knows', { reason: 'x' }, 'revokeApiKey'],
  ] as const)('is not changed by %s', async (_, wish, method) => {
    const { authority, storage, apiKeyId } = await withKey()
    const before = await storage.findApiKey(apiKeyId)
    const change = authority[method] as (request: object, caller: typeof asHost) => Promise<unknown>
    expect(await codeOf(change({ apiKeyId, ...wish }, asHost))).toBe('invalid_request')
    expect(await storage.findApiKey(apiKeyId)).toEqual(before)
  })

  it('that is not there is not found', async () => {
    const { authority, rootId } = await withKey()
    expect(await codeOf(authority.revokeApiKey({ apiKeyId: rootId }, asHost))).toBe('api_key_not_found')
  })
})
