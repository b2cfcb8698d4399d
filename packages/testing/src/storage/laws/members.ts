import assert from 'node:assert/strict'
import { membership } from '../access-records.js'
import { assertConflict, assertEqual } from '../assertions.js'
import { at, id, write } from '../records.js'
import { laws } from '../storage-law.js'

const page = { page: 1, pageSize: 10 }

export const members = laws('a membership', {
  'comes back as it went in: rights on everything, on some CAs, and on none': async ({ storage }) => {
    for (const [i, rights] of (['all', membership().rights, new Map()] as const).entries()) {
      const made = membership({ userId: id(`u${i}`), rights })
      await write(storage, (tx) => tx.insertMembership(made))
      assertEqual(await storage.findMembership(id('w1'), id(`u${i}`)), made)
    }
    assert.equal(await storage.findMembership(id('w2'), id('u1')), undefined)
  },

  'is one for a user and a workspace': async ({ storage }) => {
    await write(storage, (tx) => tx.insertMembership(membership()))
    const second = write(storage, (tx) => tx.insertMembership(membership({ rights: 'all' })))
    await assertConflict(second, 'membership')
    assertEqual(await storage.findMembership(id('w1'), id('u1')), membership())
  },

  'has the rights that were set last, and ends when it is deleted': async ({ storage }) => {
    await write(storage, (tx) => tx.insertMembership(membership()))
    const set = (name: string) => write(storage, (tx) => tx.setMemberRights(id('w1'), id(name), 'all'))
    assert.equal(await set('u2'), false)
    assert.equal(await set('u1'), true)
    assertEqual(await storage.findMembership(id('w1'), id('u1')), membership({ rights: 'all' }))
    const remove = () => write(storage, (tx) => tx.deleteMembership(id('w1'), id('u1')))
    assert.equal(await remove(), true)
    assert.equal(await remove(), false)
    assert.equal(await storage.findMembership(id('w1'), id('u1')), undefined)
    assert.equal(await set('u1'), false)
  },

  'is listed by workspace and by user, oldest first': async ({ storage }) => {
    await write(storage, async (tx) => {
      await tx.insertMembership(membership({ userId: id('u2') }))
      await tx.insertMembership(membership())
      await tx.insertMembership(membership({ workspaceId: id('w2'), createdAt: at('02-01T00:00:00') }))
    })
    const placesOf = async (filter: { workspaceId?: string; userId?: string }) =>
      (await storage.listMemberships(filter, page)).items.map((one) => [one.workspaceId, one.userId])
    const [first, second, third] = [
      [id('w2'), id('u1')],
      [id('w1'), id('u1')],
      [id('w1'), id('u2')],
    ]
    assertEqual(await placesOf({}), [first, second, third])
    assertEqual(await placesOf({ workspaceId: id('w1') }), [second, third])
    assertEqual(await placesOf({ userId: id('u1') }), [first, second])
    assert.equal((await storage.listMemberships({}, { page: 2, pageSize: 2 })).total, 3)
  },
})
