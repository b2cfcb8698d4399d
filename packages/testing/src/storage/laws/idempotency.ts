import assert from 'node:assert/strict'
import type { Storage } from '@certwright/core'
import { assertEqual, rejectionOf } from '../assertions.js'
import { at, id, idempotencyRecord as record, now, write } from '../records.js'
import { retrySerialization } from '../retry-serialization.js'
import { laws } from '../storage-law.js'

const tomorrow = at('03-02T12:00:30')
const afterLease = at('03-01T12:01:00')
const c2 = { certificateId: id('c2') }

const claim = (storage: Storage, change: Parameters<typeof record>[0] = {}, time = now) =>
  write(storage, (tx) => tx.claimIdempotencyKey(record(change), time))

const complete = (storage: Storage, change: Parameters<typeof record>[0] = {}) =>
  write(storage, (tx) => tx.completeIdempotencyKey(record(change)))

async function claimedByOneOf16(storage: Storage): Promise<void> {
  const claims = await Promise.all(
    Array.from({ length: 16 }, (_, i) =>
      retrySerialization(storage, (tx) =>
        tx.claimIdempotencyKey(record({ certificateId: id(`c${i}`) }), now),
      ),
    ),
  )
  const holder = await storage.findIdempotencyRecord(record(), now)
  const standing = claims.filter((found) => found !== undefined)
  assert.equal(standing.length, 15, 'one claim is the first')
  assertEqual(
    standing,
    standing.map(() => holder),
  )
}

export const idempotency = laws('an idempotency key', {
  'is claimed by the first of 16 at once': async ({ storage }) => {
    await claimedByOneOf16(storage)
  },

  'that 16 have found free is claimed by the first of them': async ({ storage }) => {
    await Promise.all(Array.from({ length: 16 }, () => storage.findIdempotencyRecord(record(), now)))
    await claimedByOneOf16(storage)
  },

  'that was found free is claimed, and completed, in one transaction': async ({ storage }) => {
    await storage.findIdempotencyRecord(record(), now)
    const completed = { liveUntil: tomorrow }
    await storage.transaction(async (tx) => {
      assert.equal(await tx.claimIdempotencyKey(record(), now), undefined)
      assert.equal(await tx.completeIdempotencyKey(record(completed)), true)
    })
    assertEqual(await claim(storage, c2), record({ ...completed, state: 'completed' }))
  },

  'that was found free is as free after a transaction that claimed it and failed': async ({ storage }) => {
    await storage.findIdempotencyRecord(record(), now)
    const failed = storage.transaction(async (tx) => {
      await tx.claimIdempotencyKey(record(), now)
      throw new Error('no')
    })
    await rejectionOf(failed)
    assert.equal(await storage.findIdempotencyRecord(record(), now), undefined)
    assert.equal(await claim(storage, c2), undefined)
    assertEqual(await claim(storage), record(c2))
  },

  'that was found free with an old lease is taken over': async ({ storage }) => {
    await claim(storage)
    await claim(storage, { scope: 'another old one' })
    assert.equal(await storage.findIdempotencyRecord(record(), afterLease), undefined)
    const next = { ...c2, liveUntil: tomorrow }
    assert.equal(await claim(storage, next, afterLease), undefined)
    assertEqual(await storage.findIdempotencyRecord(record(), afterLease), record(next))
  },

  'is another key under another scope, and another under another key': async ({ storage }) => {
    await claim(storage)
    assert.equal(await claim(storage, { scope: 'k2 issue ca1', ...c2 }), undefined)
    assert.equal(await claim(storage, { keyHash: '13'.repeat(32), ...c2 }), undefined)
    assertEqual(await storage.findIdempotencyRecord(record(), now), record())
  },

  'is found by who asks for it, among others that are asked for at once, and not once it has run out':
    async ({ storage }) => {
      const otherScope = { scope: 'k2 issue ca1', ...c2 }
      const otherKey = { keyHash: '13'.repeat(32), certificateId: id('c3'), liveUntil: tomorrow }
      for (const change of [{}, otherScope, otherKey]) await claim(storage, change)
      const asked = [otherKey, {}, { scope: 'k3 issue ca1' }, otherScope, {}].map((change) => record(change))
      const found = (time: Date) => Promise.all(asked.map((one) => storage.findIdempotencyRecord(one, time)))
      const expected = asked.map((one, i) => (i === 2 ? undefined : one))
      const [early, late] = await Promise.all([found(now), found(afterLease)])
      assertEqual(early, expected)
      assertEqual(late, [asked[0], undefined, undefined, undefined, undefined])
    },

  'counts until liveUntil: a lease that ran out is claimed by the next, and is no longer found': async ({
    storage,
  }) => {
    await claim(storage)
    const next = { ...c2, liveUntil: tomorrow }
    assertEqual(await claim(storage, next, at('03-01T12:00:59')), record())
    assert.equal(await storage.findIdempotencyRecord(record(), afterLease), undefined)
    assert.equal(await claim(storage, next, afterLease), undefined)
    assertEqual(await storage.findIdempotencyRecord(record(), afterLease), record(next))
  },

  'is completed by the request that holds it, and then replays until its new end': async ({ storage }) => {
    await claim(storage)
    assert.equal(await complete(storage, { liveUntil: tomorrow }), true)
    const completed = record({ state: 'completed', liveUntil: tomorrow })
    assertEqual(await claim(storage, {}, afterLease), completed)
    assert.equal(await storage.findIdempotencyRecord(record(), tomorrow), undefined)
  },

  "that was claimed and released in one transaction is nobody's in the next": async ({ storage }) => {
    await storage.transaction(async (tx) => {
      assert.equal(await tx.claimIdempotencyKey(record(), now), undefined)
      await tx.releaseIdempotencyKey(record())
    })
    assert.equal(await storage.findIdempotencyRecord(record(), now), undefined)
    assert.equal(await claim(storage, c2), undefined)
  },

  'is neither completed nor released by a request that was overtaken': async ({ storage }) => {
    await claim(storage)
    const next = { ...c2, liveUntil: tomorrow }
    await claim(storage, next, afterLease)
    assert.equal(await complete(storage), false)
    await write(storage, (tx) => tx.releaseIdempotencyKey(record()))
    assertEqual(await storage.findIdempotencyRecord(record(), afterLease), record(next))
  },

  'is free again once released': async ({ storage }) => {
    await claim(storage)
    await write(storage, (tx) => tx.releaseIdempotencyKey(record()))
    assert.equal(await storage.findIdempotencyRecord(record(), now), undefined)
    assert.equal(await claim(storage, c2), undefined)
  },

  'is free where the transaction that claimed it has failed': async ({ storage }) => {
    const failed = storage.transaction(async (tx) => {
      await tx.claimIdempotencyKey(record(), now)
      throw new Error('no')
    })
    await rejectionOf(failed)
    assert.equal(await claim(storage, c2), undefined)
  },

  'is completed by a slow request whose expired lease nobody took': async ({ storage }) => {
    await claim(storage)
    await claim(storage, { scope: 'other' }, tomorrow)
    assert.equal(await complete(storage, { liveUntil: tomorrow }), true)
  },
})
