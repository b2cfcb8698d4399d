import assert from 'node:assert/strict'
import type { ProbedRows, StorageProbe } from '../storage-factory.js'
import { assertConflict, assertEqual, rejectionOf } from '../assertions.js'
import { readEverything, writeEverything } from '../every-record.js'
import { id, now, user, write } from '../records.js'
import { laws, lawsWith } from '../storage-law.js'

const rows: readonly ProbedRows[] = [
  'workspaces',
  'cas',
  'certificates',
  'reservations',
  'revocations',
  'auditEvents',
  'outboxEvents',
]

const named = (name: string) => user({ id: id(name), email: `${name}@example.org` })

const counts = (probe: StorageProbe) => Promise.all(rows.map((kind) => probe.countRows(kind)))

export const atomicity = [
  ...laws('a transaction', {
    'leaves no trace of any write when its work rejects, and the error is the one of the work': async ({
      storage,
    }) => {
      const before = await readEverything(storage)
      const failure = new Error('power failure')
      const run = storage.transaction(async (tx) => {
        await writeEverything(tx)
        throw failure
      })
      assert.equal(await rejectionOf(run), failure)
      assertEqual(await readEverything(storage), before)
      // Nothing that was taken stays taken.
      await storage.transaction(writeEverything)
    },

    'leaves no trace where its last write is refused': async ({ storage }) => {
      const before = await readEverything(storage)
      const run = storage.transaction(async (tx) => {
        await writeEverything(tx)
        await tx.insertUser(user({ email: 'bob@example.org' }))
      })
      await assertConflict(run, 'user_id')
      assertEqual(await readEverything(storage), before)
    },

    'shows its writes to itself at once, and to readers outside after the commit, all together': async ({
      storage,
    }) => {
      const empty = await readEverything(storage)
      const inside = await storage.transaction(async (tx) => {
        await writeEverything(tx)
        assertEqual(await readEverything(storage), empty)
        return readEverything(tx)
      })
      assert.equal(inside.certificate?.revokedAt?.getTime(), now.getTime())
      assert.equal(inside.ofCa.total, 1)
      assertEqual(await readEverything(storage), inside)
    },

    'rolls back where work throws before its first await': async ({ storage }) => {
      const failure = new RangeError('at once')
      const run = storage.transaction((tx) => {
        void tx.insertUser(user()).catch(() => undefined)
        throw failure
      })
      assert.equal(await rejectionOf(run), failure)
      assert.equal(await storage.findUser(id('u1')), undefined)
    },

    'gives back what its work gives': async ({ storage }) => {
      const given = { of: 'work' }
      assert.equal(await storage.transaction(async () => given), given)
      assert.equal(await storage.transaction(async () => undefined), undefined)
    },

    'keeps what was asked for together with one that fails and one that is refused': async ({ storage }) => {
      const add = (name: string) => write(storage, (tx) => tx.insertUser(named(name)))
      await add('u1')
      const failure = new Error('no')
      const failing = storage.transaction(async (tx) => {
        await tx.insertUser(named('u3'))
        throw failure
      })
      const [, rejection] = await Promise.all([
        add('u2'),
        rejectionOf(failing),
        assertConflict(add('u1'), 'user_id', 'user_email'),
        add('u4'),
      ])
      assert.equal(rejection, failure)
      const found = await Promise.all(['u2', 'u3', 'u4'].map((name) => storage.findUser(id(name))))
      assertEqual(found, [named('u2'), undefined, named('u4')])
    },

    'goes on after one that failed': async ({ storage }) => {
      const failed = storage.transaction(() => Promise.reject(new Error('no')))
      const next = write(storage, (tx) => tx.insertUser(user()))
      await rejectionOf(failed)
      await next
      assertEqual(await storage.findUser(id('u1')), user())
    },
  }),

  ...lawsWith('probe', 'a transaction', {
    'leaves no row in the database when its work rejects, and one of each when it resolves': async ({
      storage,
      probe,
    }) => {
      const run = storage.transaction(async (tx) => {
        await writeEverything(tx)
        throw new Error('no')
      })
      await rejectionOf(run)
      assertEqual(
        await counts(probe),
        rows.map(() => 0),
      )
      await storage.transaction(writeEverything)
      assertEqual(
        await counts(probe),
        rows.map(() => 1),
      )
    },

    'has no row in the database before it commits': async ({ storage, probe }) => {
      await storage.transaction(async (tx) => {
        await writeEverything(tx)
        assertEqual(
          await counts(probe),
          rows.map(() => 0),
        )
      })
    },
  }),
]
