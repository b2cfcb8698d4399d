import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAuthority, operator } from '@certwright/core'
import { memoryCustody } from '@certwright/memory'
import { sqliteStorage } from '@certwright/sqlite'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { clients } from '../commands/clients.js'
import { keys } from '../commands/keys.js'

const me = { principal: operator('tests') }
let folder: string
let printed: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'certwright-access-'))
  printed = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text)
    return true
  })
})

afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

/** A store with a user and a CA, closed again. */
async function store() {
  const storage = sqliteStorage(join(folder, 'certwright.db'))
  const authority = createAuthority({ storage, custody: memoryCustody() })
  const { id: workspaceId } = await authority.createWorkspace({ name: 'Shop', plan: 'pro' }, me)
  const { id: userId } = await authority.createUser({ email: 'ada@example.org' }, me)
  const { id: caId } = await authority.createRoot({ name: 'R', workspaceId, keyAlgorithm: 'Ed25519' }, me)
  await storage.close()
  return { workspaceId, userId, caId }
}

async function json(command: typeof keys, ...args: readonly string[]) {
  printed = ''
  expect(await command([...args, '--data', folder, '--json'])).toBe(0)
  return JSON.parse(printed) as {
    apiKey: { id: string; name: string; revokedAt?: string; expiresAt?: string; grants: object }
    apiKeys: readonly { id: string }[]
    client: { id: string }
    clients: readonly { id: string }[]
    secret: string
  }
}

/** Whether a server over the same store takes the key. */
async function works(secret: string): Promise<boolean> {
  const storage = sqliteStorage(join(folder, 'certwright.db'))
  const authority = createAuthority({ storage, custody: memoryCustody() })
  const isTaken = await authority.authenticate(secret).then(
    () => true,
    () => false,
  )
  await storage.close()
  return isTaken
}

describe('certwright keys', () => {
  it('makes, renames, rotates, expires, revokes and lists keys', async () => {
    const { userId, caId } = await store()
    const wish = ['--workspace', 'shop', '--user', userId, '--name', 'deploy', '--cas', caId]
    const made = await json(keys, 'create', ...wish, '--rights', 'read,issue')
    const { id } = made.apiKey
    expect(made.apiKey.grants).toEqual({ [caId]: { canRead: true, canIssue: true, canRevoke: false } })
    expect((await json(keys, 'rename', id, '--name', 'release')).apiKey.name).toBe('release')
    const rotated = await json(keys, 'rotate', id)
    expect([await works(made.secret), await works(rotated.secret)]).toEqual([false, true])
    expect((await json(keys, 'expire', id, '--at', '2020-01-01')).apiKey.expiresAt).toBe(
      '2020-01-01T00:00:00.000Z',
    )
    expect(await works(rotated.secret)).toBe(false)
    expect((await json(keys, 'expire', id, '--at', 'never')).apiKey.expiresAt).toBeUndefined()
    expect((await json(keys, 'list')).apiKeys.map((key) => key.id)).toEqual([id])
    expect((await json(keys, 'revoke', id)).apiKey.revokedAt).toBeDefined()
    expect(await works(rotated.secret)).toBe(false)
    expect((await json(keys, 'list', '--workspace', 'shop')).apiKeys).toEqual([])
    expect((await json(keys, 'list', '--revoked')).apiKeys).toHaveLength(1)
  })

  it('prints lines for people, and the secret on one of its own', async () => {
    const { workspaceId, userId, caId } = await store()
    const wish = ['--workspace', workspaceId, '--user', userId, '--name', 'deploy', '--cas', caId]
    await keys(['create', ...wish, '--data', folder])
    expect(printed.split('\n')[1]).toMatch(/^cm_[\w-]{43}$/)
  })

  it.each([
    [[], 'name one of list, create, rename, rotate, expire, revoke'],
    [['remove'], 'name one of'],
    [['revoke'], 'name the id of the key'],
    [['rename', 'x'], '--name is missing'],
    [['expire', 'x', '--at', 'tomorrow'], 'is no time in UTC'],
    [['list', 'x'], 'is no flag of it'],
  ])('refuses %j', async (args, message) => {
    await store()
    const data = args.length === 0 ? [] : ['--data', folder]
    await expect(keys([...args, ...data])).rejects.toMatchObject({
      name: 'CommandError',
      exitCode: 2,
      message: expect.stringContaining(message) as string,
    })
  })

  it('says in one sentence what is wrong with what was asked', async () => {
    const { caId } = await store()
    await expect(keys(['revoke', caId, '--data', folder])).rejects.toMatchObject({
      exitCode: 1,
      message: `cannot find API key: there is none with id ${caId}`,
    })
  })
})

describe('certwright clients', () => {
  it('makes, lists, rotates and deletes confidential clients', async () => {
    const { userId } = await store()
    const wish = ['--workspace', 'shop', '--user', userId, '--name', 'Shop']
    const made = await json(clients, 'create', ...wish, '--redirect-uris', 'https://shop.example/cb')
    expect(made.secret).toMatch(/^cm_secret_/)
    const { id } = made.client
    expect((await json(clients, 'list', '--kind', 'confidential')).clients.map((one) => one.id)).toEqual([id])
    expect((await json(clients, 'rotate', id)).secret).not.toBe(made.secret)
    expect(await json(clients, 'delete', id)).toMatchObject({ client: { id }, revokedGrants: 0 })
    expect((await json(clients, 'list')).clients).toEqual([])
  })
})
