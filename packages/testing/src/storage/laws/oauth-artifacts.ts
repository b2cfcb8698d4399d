import assert from 'node:assert/strict'
import type { Storage } from '@certwright/core'
import { artifact } from '../access-records.js'
import { assertConflict, assertEqual } from '../assertions.js'
import { at, hashOfNumber, id, now, write } from '../records.js'
import { retrySerialization } from '../retry-serialization.js'
import { laws } from '../storage-law.js'

const later = at('03-01T12:05:00')
const { idHash } = artifact()
const otherHash = '57'.repeat(32)

const put = (storage: Storage, ...changes: readonly Parameters<typeof artifact>[0][]) =>
  write(storage, async (tx) => {
    for (const change of changes) await tx.putOAuthArtifact(artifact(change))
  })

const find = (storage: Storage) => storage.findOAuthArtifact('RefreshToken', idHash)

export const oauthArtifacts = laws('an OAuth artifact', {
  'comes back as it went in, expired or not': async ({ storage }) => {
    const full = {
      grantId: id('g1'),
      uid: 'Mixed-case_uid',
      payload: '{"scope":"ca","name":"Zoë 🔑 \\u0000"}',
      consumedAt: now,
      expiresAt: at('01-01T00:00:00'),
    }
    await put(storage, full)
    assertEqual(await find(storage), artifact(full))
    assertEqual(await storage.findOAuthArtifactByUid('RefreshToken', 'Mixed-case_uid'), artifact(full))
    await put(storage, { idHash: otherHash })
    assertEqual(await storage.findOAuthArtifact('RefreshToken', otherHash), artifact({ idHash: otherHash }))
  },

  'is another one under another kind': async ({ storage }) => {
    await put(storage, { uid: 'u' }, { kind: 'Session', uid: 'u', payload: '{"a":1}' })
    assertEqual(await find(storage), artifact({ uid: 'u' }))
    const session = artifact({ kind: 'Session', uid: 'u', payload: '{"a":1}' })
    assertEqual(await storage.findOAuthArtifact('Session', idHash), session)
    assertEqual(await storage.findOAuthArtifactByUid('Session', 'u'), session)
    assert.equal(await storage.findOAuthArtifact('Interaction', idHash), undefined)
    assert.equal(await storage.findOAuthArtifactByUid('Interaction', 'u'), undefined)
  },

  'is replaced by the next one of its kind and hash, uid and all': async ({ storage }) => {
    await put(storage, { uid: 'before', grantId: id('g1') })
    await put(storage, { uid: 'after', payload: '{"a":2}', expiresAt: later })
    assertEqual(await find(storage), artifact({ uid: 'after', payload: '{"a":2}', expiresAt: later }))
    assert.equal(await storage.findOAuthArtifactByUid('RefreshToken', 'before'), undefined)
    await put(storage, { idHash: otherHash, uid: 'before' })
    assert.equal((await storage.findOAuthArtifactByUid('RefreshToken', 'before'))?.idHash, otherHash)
  },

  'shares its uid with no other of its kind': async ({ storage }) => {
    await put(storage, { uid: 'u' })
    await assertConflict(put(storage, { idHash: otherHash, uid: 'u' }), 'oauth_artifact_uid')
    assert.equal(await storage.findOAuthArtifact('RefreshToken', otherHash), undefined)
  },

  'is consumed by one of 16 at once': async ({ storage }) => {
    await put(storage, {})
    const consumed = await Promise.all(
      Array.from({ length: 16 }, () =>
        retrySerialization(storage, (tx) => tx.consumeOAuthArtifact('RefreshToken', idHash, later)),
      ),
    )
    assert.equal(consumed.filter((isFirst) => isFirst).length, 1)
    assertEqual(await find(storage), artifact({ consumedAt: later }))
  },

  'stays consumed, whatever is put in its place, and for the first time': async ({ storage }) => {
    await put(storage, {})
    const consume = (time: Date, hash = idHash) =>
      write(storage, (tx) => tx.consumeOAuthArtifact('RefreshToken', hash, time))
    assert.equal(await consume(now), true)
    await put(storage, { payload: '{"a":3}' })
    assertEqual(await find(storage), artifact({ payload: '{"a":3}', consumedAt: now }))
    await put(storage, { consumedAt: later })
    assert.equal(await consume(later), false)
    assertEqual((await find(storage))?.consumedAt, now)
    assert.equal(await consume(now, otherHash), false)
  },

  'is not consumed where the transaction that did it has failed': async ({ storage }) => {
    await put(storage, {})
    const failed = storage.transaction(async (tx) => {
      await tx.consumeOAuthArtifact('RefreshToken', idHash, now)
      throw new Error('no')
    })
    await assert.rejects(failed, /no/)
    assertEqual(await find(storage), artifact())
  },

  'is deleted once, by kind and hash': async ({ storage }) => {
    await put(storage, { uid: 'u' }, { kind: 'Session' })
    const remove = () => write(storage, (tx) => tx.deleteOAuthArtifact('RefreshToken', idHash))
    assert.equal(await remove(), true)
    assert.equal(await remove(), false)
    assert.equal(await storage.findOAuthArtifactByUid('RefreshToken', 'u'), undefined)
    assert.notEqual(await storage.findOAuthArtifact('Session', idHash), undefined)
  },

  'is deleted with its grant, and no other is': async ({ storage }) => {
    await put(
      storage,
      { grantId: id('g1') },
      { kind: 'AccessToken', grantId: id('g1'), uid: 'u' },
      { idHash: otherHash, grantId: id('g2') },
      { kind: 'Session' },
    )
    const remove = () => write(storage, (tx) => tx.deleteOAuthArtifactsOfGrant(id('g1')))
    assert.equal(await remove(), 2)
    assert.equal(await remove(), 0)
    assert.equal(await find(storage), undefined)
    assert.equal(await storage.findOAuthArtifactByUid('AccessToken', 'u'), undefined)
    assert.notEqual(await storage.findOAuthArtifact('RefreshToken', otherHash), undefined)
    assert.notEqual(await storage.findOAuthArtifact('Session', idHash), undefined)
  },

  'is garbage once it has expired; the oldest go first, and no more than asked for': async ({ storage }) => {
    const times = [now, at('02-01T00:00:00'), at('03-01T12:00:01'), at('02-02T00:00:00')]
    await put(storage, ...times.map((expiresAt, i) => ({ idHash: hashOfNumber(i), uid: `u${i}`, expiresAt })))
    const collect = () => write(storage, (tx) => tx.deleteExpiredOAuthArtifacts(now, 2))
    const left = async () => {
      const found = times.map((_, i) => storage.findOAuthArtifactByUid('RefreshToken', `u${i}`))
      return (await Promise.all(found)).map((one) => one !== undefined)
    }
    assert.equal(await collect(), 2)
    assertEqual(await left(), [true, false, true, false])
    assert.equal(await collect(), 1)
    assert.equal(await collect(), 0)
    assertEqual(await left(), [false, false, true, false])
  },
})
