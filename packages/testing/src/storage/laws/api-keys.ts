import assert from 'node:assert/strict'
import type { ApiKeyChange, Storage } from '@certwright/core'
import { assertConflict, assertEqual } from '../assertions.js'
import { apiKey, at, id, now, write } from '../records.js'
import { retrySerialization } from '../retry-serialization.js'
import { laws } from '../storage-law.js'

const later = at('03-01T12:05:00')
const newHash = 'cd'.repeat(32)
const rotation = {
  kind: 'secret',
  replaces: apiKey().secretHash,
  secretHash: newHash,
  prefix: 'cm_new',
} as const
const revocation = { kind: 'revocation', revokedAt: later } as const

const insert = (storage: Storage, ...changes: readonly Parameters<typeof apiKey>[0][]) =>
  write(storage, async (tx) => {
    for (const change of changes) await tx.insertApiKey(apiKey(change))
  })

const change = (storage: Storage, asked: ApiKeyChange, name = 'k1') =>
  write(storage, (tx) => tx.changeApiKey(id(name), asked))

const use = (storage: Storage, usedAt: Date, unlessAfter: Date) =>
  write(storage, (tx) => tx.markApiKeyUsed(id('k1'), usedAt, unlessAfter))

/** Two of one second, and one that is older and comes last. */
const three = async (storage: Storage): Promise<void> => {
  await insert(
    storage,
    { id: id('b'), secretHash: '02'.repeat(32), userId: id('u2') },
    { id: id('a'), secretHash: '01'.repeat(32) },
    { id: id('c'), secretHash: '03'.repeat(32), workspaceId: id('w2'), createdAt: at('02-01T00:00:00') },
  )
}

export const apiKeys = laws('an API key', {
  'is changed in what a change says, and in nothing else': async ({ storage }) => {
    await insert(storage, { expiresAt: now })
    assert.equal(await change(storage, { kind: 'name', name: 'renamed' }), true)
    assertEqual(await storage.findApiKey(id('k1')), apiKey({ name: 'renamed', expiresAt: now }))
    assert.equal(await change(storage, { kind: 'expiry', expiresAt: later }), true)
    assertEqual(await storage.findApiKey(id('k1')), apiKey({ name: 'renamed', expiresAt: later }))
    assert.equal(await change(storage, { kind: 'expiry' }), true)
    assertEqual(await storage.findApiKey(id('k1')), apiKey({ name: 'renamed' }))
    assert.equal(await change(storage, revocation), true)
    assertEqual(await storage.findApiKey(id('k1')), apiKey({ name: 'renamed', revokedAt: later }))
    assertEqual(await storage.findApiKeyByHash(apiKey().secretHash), await storage.findApiKey(id('k1')))
  },

  'is not changed once it is revoked: the first revocation stands': async ({ storage }) => {
    await insert(storage, {})
    assert.equal(await change(storage, revocation), true)
    const others = [
      { kind: 'revocation', revokedAt: at('03-02T00:00:00') },
      { kind: 'name', name: 'renamed' },
      { kind: 'expiry' },
      rotation,
    ] as const
    for (const other of others) assert.equal(await change(storage, other), false, other.kind)
    assertEqual(await storage.findApiKey(id('k1')), apiKey({ revokedAt: later }))
  },

  'is not changed where it is not there': async ({ storage }) => {
    await insert(storage, {})
    assert.equal(await change(storage, revocation, 'other'), false)
    assertEqual(await storage.findApiKey(id('k1')), apiKey())
  },

  'that is rotated is found by its new secret alone, unless the one before is kept': async ({ storage }) => {
    await insert(storage, {})
    assert.equal(await change(storage, rotation), true)
    const rotated = apiKey({ secretHash: newHash, prefix: 'cm_new' })
    assertEqual(await storage.findApiKeyByHash(newHash), rotated)
    assert.equal(await storage.findApiKeyByHash(apiKey().secretHash), undefined)
    const previousSecret = { secretHash: newHash, validUntil: later }
    const again = { ...rotation, replaces: newHash, secretHash: '0f'.repeat(32), previousSecret }
    assert.equal(await change(storage, again), true)
    const both = { ...rotated, secretHash: '0f'.repeat(32), previousSecret }
    assertEqual(await storage.findApiKeyByHash('0f'.repeat(32)), both)
    assertEqual(await storage.findApiKeyByHash(newHash), both)
    const third = { ...rotation, replaces: '0f'.repeat(32), secretHash: '1f'.repeat(32) }
    assert.equal(await change(storage, third), true)
    assert.equal(await storage.findApiKeyByHash(newHash), undefined)
  },

  'is rotated by one of 16 that saw the same secret': async ({ storage }) => {
    await insert(storage, {})
    const done = await Promise.all(
      Array.from({ length: 16 }, (_, i) =>
        retrySerialization(storage, (tx) =>
          tx.changeApiKey(id('k1'), { ...rotation, secretHash: i.toString(16).padStart(64, '0') }),
        ),
      ),
    )
    assert.equal(done.filter((isDone) => isDone).length, 1)
    const winner = done.indexOf(true).toString(16).padStart(64, '0')
    assert.equal((await storage.findApiKey(id('k1')))?.secretHash, winner)
  },

  'is revoked by one of 16 at once': async ({ storage }) => {
    await insert(storage, {})
    const done = await Promise.all(
      Array.from({ length: 16 }, () =>
        retrySerialization(storage, (tx) => tx.changeApiKey(id('k1'), revocation)),
      ),
    )
    assert.equal(done.filter((isDone) => isDone).length, 1)
  },

  'cannot take the secret of another': async ({ storage }) => {
    await insert(storage, {}, { id: id('k2'), secretHash: newHash })
    await assertConflict(change(storage, rotation), 'api_key_hash')
    assertEqual(await storage.findApiKeyByHash(newHash), apiKey({ id: id('k2'), secretHash: newHash }))
  },

  'is marked as used, unless it was used after the given time': async ({ storage }) => {
    await insert(storage, {})
    await use(storage, later, now)
    assertEqual(await storage.findApiKey(id('k1')), apiKey({ lastUsedAt: later }))
    await use(storage, at('03-01T12:05:30'), at('03-01T12:04:30'))
    assertEqual(await storage.findApiKey(id('k1')), apiKey({ lastUsedAt: later }))
    await use(storage, at('03-01T12:06:00'), later)
    assertEqual(await storage.findApiKey(id('k1')), apiKey({ lastUsedAt: at('03-01T12:06:00') }))
    await write(storage, (tx) => tx.markApiKeyUsed(id('unknown'), now, now))
  },

  'is listed by workspace and user, oldest first, without the revoked ones unless they are asked for':
    async ({ storage }) => {
      await three(storage)
      await change(storage, revocation, 'a')
      const page = { page: 1, pageSize: 10 }
      const idsOf = async (filter: Parameters<Storage['listApiKeys']>[0]) => {
        const { items, total } = await storage.listApiKeys(filter, page)
        assert.equal(total, items.length)
        return items.map((key) => key.id)
      }
      assertEqual(await idsOf({}), [id('c'), id('b')])
      assertEqual(await idsOf({ includeRevoked: true }), [id('c'), id('a'), id('b')])
      assertEqual(await idsOf({ workspaceId: id('w1'), includeRevoked: true }), [id('a'), id('b')])
      assertEqual(await idsOf({ workspaceId: id('w1'), userId: id('u2') }), [id('b')])
      assertEqual(await idsOf({ userId: id('u3') }), [])
    },

  'is on one page of a list': async ({ storage }) => {
    await three(storage)
    const pages = await Promise.all([1, 2, 3].map((page) => storage.listApiKeys({}, { page, pageSize: 2 })))
    assertEqual(
      pages.map(({ items, total }) => [items.map((key) => key.id), total]),
      [
        [[id('c'), id('a')], 3],
        [[id('b')], 3],
        [[], 3],
      ],
    )
  },
})
