import assert from 'node:assert/strict'
import { client, grant } from '../access-records.js'
import { assertConflict, assertEqual } from '../assertions.js'
import { at, hashOfNumber, id, now, write } from '../records.js'
import { retrySerialization } from '../retry-serialization.js'
import { laws } from '../storage-law.js'

const page = { page: 1, pageSize: 10 }
const confidential = () =>
  client({
    kind: 'confidential',
    workspaceId: id('w1'),
    userId: id('u1'),
    secretHash: '78'.repeat(32),
    metadata: '{"client_uri":"https://inventory.example/Zoë"}',
    lastUsedAt: now,
  })

export const oauthClients = laws('an OAuth client', {
  'comes back as it went in': async ({ storage }) => {
    const known = client({ id: 'mixed-Case_id.1', redirectUris: [] })
    await write(storage, (tx) => tx.insertOAuthClient(confidential()))
    await write(storage, (tx) => tx.insertOAuthClient(known))
    assertEqual(await storage.findOAuthClient(id('cl1')), confidential())
    assertEqual(await storage.findOAuthClient(known.id), known)
    assert.equal(await storage.findOAuthClient('MIXED-CASE_ID.1'), undefined)
    await assertConflict(
      write(storage, (tx) => tx.insertOAuthClient(client())),
      'oauth_client_id',
    )
  },

  'gets a new secret from one of 16 that saw the same one': async ({ storage }) => {
    await write(storage, (tx) => tx.insertOAuthClient(confidential()))
    const done = await Promise.all(
      Array.from({ length: 16 }, (_, i) =>
        retrySerialization(storage, (tx) =>
          tx.replaceOAuthClientSecret(id('cl1'), { replaces: '78'.repeat(32), secretHash: hashOfNumber(i) }),
        ),
      ),
    )
    assert.equal(done.filter((isDone) => isDone).length, 1)
    const after = { ...confidential(), secretHash: hashOfNumber(done.indexOf(true)) }
    assertEqual(await storage.findOAuthClient(id('cl1')), after)
  },

  'that is public has no secret to replace': async ({ storage }) => {
    await write(storage, (tx) => tx.insertOAuthClient(client()))
    const secret = { replaces: '78'.repeat(32), secretHash: '79'.repeat(32) }
    assert.equal(await write(storage, (tx) => tx.replaceOAuthClientSecret(id('cl1'), secret)), false)
    assertEqual(await storage.findOAuthClient(id('cl1')), client())
  },

  'is marked as used, unless it was used after the given time': async ({ storage }) => {
    await write(storage, (tx) => tx.insertOAuthClient(client()))
    const use = (usedAt: Date, unlessAfter: Date) =>
      write(storage, (tx) => tx.markOAuthClientUsed(id('cl1'), usedAt, unlessAfter))
    await use(now, now)
    await use(at('03-01T12:00:30'), at('03-01T11:59:30'))
    assertEqual(await storage.findOAuthClient(id('cl1')), client({ lastUsedAt: now }))
    await use(at('03-01T12:01:00'), now)
    assertEqual(await storage.findOAuthClient(id('cl1')), client({ lastUsedAt: at('03-01T12:01:00') }))
  },

  'is deleted once': async ({ storage }) => {
    await write(storage, (tx) => tx.insertOAuthClient(client()))
    const remove = () => write(storage, (tx) => tx.deleteOAuthClient(id('cl1')))
    assert.equal(await remove(), true)
    assert.equal(await remove(), false)
    assert.equal(await storage.findOAuthClient(id('cl1')), undefined)
  },

  'is listed by kind, workspace and user, oldest first': async ({ storage }) => {
    await write(storage, async (tx) => {
      await tx.insertOAuthClient(client({ id: id('b') }))
      await tx.insertOAuthClient({ ...confidential(), id: id('a') })
      await tx.insertOAuthClient(client({ id: id('c'), createdAt: at('02-01T00:00:00') }))
    })
    const idsOf = async (filter: Parameters<typeof storage.listOAuthClients>[0]) =>
      (await storage.listOAuthClients(filter, page)).items.map((one) => one.id)
    assertEqual(await idsOf({}), [id('c'), id('a'), id('b')])
    assertEqual(await idsOf({ kind: 'public' }), [id('c'), id('b')])
    assertEqual(await idsOf({ workspaceId: id('w1'), userId: id('u1') }), [id('a')])
    assertEqual(await idsOf({ workspaceId: id('w2') }), [])
  },

  'is garbage where it is public, was not used since, and has no grant; the oldest go first': async ({
    storage,
  }) => {
    const old = { createdAt: at('01-01T00:00:00') }
    await write(storage, async (tx) => {
      await tx.insertOAuthClient({ ...confidential(), id: id('secret'), ...old, lastUsedAt: old.createdAt })
      await tx.insertOAuthClient(client({ id: id('granted'), ...old }))
      await tx.insertOAuthGrant(grant({ clientId: id('granted') }))
      await tx.insertOAuthClient(client({ id: id('used'), ...old, lastUsedAt: now }))
      await tx.insertOAuthClient(client({ id: id('newer'), createdAt: at('01-03T00:00:00') }))
      await tx.insertOAuthClient(client({ id: id('oldest'), ...old }))
      await tx.insertOAuthClient(client({ id: id('second'), createdAt: at('01-02T00:00:00') }))
      await tx.insertOAuthClient(client({ id: id('new') }))
    })
    const collect = (limit: number) =>
      write(storage, (tx) => tx.deleteUnusedOAuthClients(at('01-03T00:00:00'), limit))
    const left = async () => (await storage.listOAuthClients({}, page)).items.map((one) => one.id).sort()
    const kept = ['secret', 'granted', 'used', 'new'].map(id)
    assert.equal(await collect(2), 2)
    assertEqual(await left(), [...kept, id('newer')].sort())
    assert.equal(await collect(2), 1)
    assert.equal(await collect(2), 0)
    assertEqual(await left(), kept.sort())
  },
})
