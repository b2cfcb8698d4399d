import type { Storage } from '@certwright/core'
import { describe, expect, it } from 'vitest'
import { at, idempotencyRecord as record, now, write } from './records.js'

const tomorrow = at('03-02T12:00:30')
const afterLease = at('03-01T12:01:00')

export function idempotencyBehaves(newStorage: () => Storage): void {
  async function claimed(): Promise<Storage> {
    const storage = newStorage()
    expect(await write(storage, (tx) => tx.claimIdempotencyKey(record(), now))).toBeUndefined()
    return storage
  }

  describe('an idempotency key', () => {
    it('is claimed by the first of many', async () => {
      const storage = newStorage()
      const claims = await Promise.all(
        ['c1', 'c2', 'c3'].map((certificateId) =>
          write(storage, (tx) => tx.claimIdempotencyKey(record({ certificateId }), now)),
        ),
      )
      const holder = await storage.findIdempotencyRecord(record(), now)
      expect(claims.filter((standing) => standing === undefined)).toHaveLength(1)
      expect(claims.filter((standing) => standing !== undefined)).toEqual([holder, holder])
    })

    it('is another key under another scope', async () => {
      const storage = await claimed()
      const other = record({ scope: 'k2 issue ca1', certificateId: 'c2' })
      expect(await write(storage, (tx) => tx.claimIdempotencyKey(other, now))).toBeUndefined()
      expect(await storage.findIdempotencyRecord(record(), now)).toEqual(record())
    })

    it('counts until liveUntil: a lease that ran out is claimed by the next, and is no longer found', async () => {
      const storage = await claimed()
      const next = record({ certificateId: 'c2', liveUntil: tomorrow })
      expect(await write(storage, (tx) => tx.claimIdempotencyKey(next, at('03-01T12:00:59')))).toEqual(
        record(),
      )
      expect(await storage.findIdempotencyRecord(record(), afterLease)).toBeUndefined()
      expect(await write(storage, (tx) => tx.claimIdempotencyKey(next, afterLease))).toBeUndefined()
      expect(await storage.findIdempotencyRecord(record(), afterLease)).toEqual(next)
    })

    it('is completed by the request that holds it, and then replays until its new end', async () => {
      const storage = await claimed()
      expect(await write(storage, (tx) => tx.completeIdempotencyKey(record({ liveUntil: tomorrow })))).toBe(
        true,
      )
      const completed = record({ state: 'completed', liveUntil: tomorrow })
      expect(await write(storage, (tx) => tx.claimIdempotencyKey(record(), afterLease))).toEqual(completed)
      expect(await storage.findIdempotencyRecord(record(), tomorrow)).toBeUndefined()
    })

    it('is neither completed nor released by a request that was overtaken', async () => {
      const storage = await claimed()
      const next = record({ certificateId: 'c2', liveUntil: tomorrow })
      await write(storage, (tx) => tx.claimIdempotencyKey(next, afterLease))
      expect(await write(storage, (tx) => tx.completeIdempotencyKey(record()))).toBe(false)
      await write(storage, (tx) => tx.releaseIdempotencyKey(record()))
      expect(await storage.findIdempotencyRecord(record(), afterLease)).toEqual(next)
    })

    it('is free again once released', async () => {
      const storage = await claimed()
      await write(storage, (tx) => tx.releaseIdempotencyKey(record()))
      expect(await storage.findIdempotencyRecord(record(), now)).toBeUndefined()
      expect(
        await write(storage, (tx) => tx.claimIdempotencyKey(record({ certificateId: 'c2' }), now)),
      ).toBeUndefined()
    })

    it('is completed by a slow request whose expired lease nobody took', async () => {
      const storage = await claimed()
      await write(storage, (tx) => tx.claimIdempotencyKey(record({ scope: 'other' }), tomorrow))
      expect(await write(storage, (tx) => tx.completeIdempotencyKey(record({ liveUntil: tomorrow })))).toBe(
        true,
      )
    })
  })
}
