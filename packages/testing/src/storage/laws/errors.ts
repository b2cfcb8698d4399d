import assert from 'node:assert/strict'
import { isPkiError, type Storage } from '@certwright/core'
import { assertConflict, rejectionOf } from '../assertions.js'
import { id, ocspResponder, reservation, user, write } from '../records.js'
import { laws, lawsWith } from '../storage-law.js'

async function conflictOf(storage: Storage) {
  await write(storage, (tx) => tx.insertReservations([reservation()]))
  const again = write(storage, (tx) => tx.insertReservations([reservation({ id: id('c2') })]))
  return assertConflict(again, 'serial_number')
}

export const errors = [
  ...laws('an error', {
    'of a refused write is storage_conflict with the name of the constraint, and ends the transaction':
      async ({ storage }) => {
        await write(storage, (tx) => tx.insertUser(user()))
        // The write itself may fail, or what comes behind it: an adapter may send several at once.
        const run = storage.transaction(async (tx) => {
          await tx.insertUser(user({ email: 'bob@example.org' }))
          await tx.insertUser(user({ id: id('u2'), email: 'eve@example.org' }))
        })
        await assertConflict(run, 'user_id')
        assert.equal(await storage.findUser(id('u2')), undefined)
      },

    'of the caller comes out as it is, whatever it is': async ({ storage }) => {
      const thrown = [
        new TypeError('mine'),
        Object.assign(new Error('mine'), { code: 'E_MINE' }),
        new Error('my connection had a timeout'),
        'mine',
      ]
      for (const error of thrown) {
        // A caller may throw anything.
        // oxlint-disable-next-line typescript/prefer-promise-reject-errors
        const run = storage.transaction(() => Promise.reject(error))
        assert.equal(await rejectionOf(run), error)
      }
    },

    'of a responder for a CA that is not there is a RangeError': async ({ storage }) => {
      const set = write(storage, (tx) => tx.setOcspResponder(id('unknown'), ocspResponder()))
      assert.ok((await rejectionOf(set)) instanceof RangeError)
    },
  }),

  ...lawsWith('driver', 'an error', {
    'of a refused write has the error of the driver as its cause': async ({ storage }) => {
      const { cause } = await conflictOf(storage)
      assert.ok(cause instanceof Error && !isPkiError(cause), `its cause is ${String(cause)}`)
    },
  }),
]
