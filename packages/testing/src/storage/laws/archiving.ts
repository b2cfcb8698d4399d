import assert from 'node:assert/strict'
import type { Storage } from '@certwright/core'
import { assertConflict, assertEqual, rejectionOf } from '../assertions.js'
import {
  at,
  ca,
  certificate,
  collect,
  first,
  id,
  now,
  reservation,
  revocation,
  serial,
  write,
} from '../records.js'
import { retrySerialization } from '../retry-serialization.js'
import { laws } from '../storage-law.js'

const names = ['c1', 'c2', 'c3'] as const
type Name = (typeof names)[number]

const serials: Readonly<Record<Name, string>> = { c1: '0a', c2: '0b', c3: '0c' }
const serialOf = (name: Name) => serial(serials[name])
const ids = names.map((name) => id(name))

/** Three certificates of one CA, with their reservations, of which the first is revoked. */
async function prepare(storage: Storage): Promise<void> {
  await storage.transaction(async (tx) => {
    await tx.insertCa(ca())
    await tx.insertReservations(
      names.map((name) => reservation({ id: id(name), serialNumber: serialOf(name) })),
    )
    await tx.insertCertificates(
      names.map((name) => certificate({ id: id(name), serialNumber: serialOf(name) })),
    )
    await tx.closeReservations(ids, 'recorded')
    await tx.insertRevocation(revocation(), first('c1'))
  })
}

const statesOf = (storage: Storage) =>
  Promise.all(names.map(async (name) => (await storage.findSerial(id('ca1'), serialOf(name)))?.state))

const keptOf = async (storage: Storage): Promise<readonly string[]> => {
  const filter = { now, caIds: [id('ca1')] }
  const { items, total } = await storage.listCertificates(filter, { page: 1, pageSize: 10 })
  assert.equal(total, items.length)
  return items.map((record) => record.id).sort()
}

const everyProfile = { exceptProfile: 'none' }

export const archiving = [
  ...laws('an archived certificate', {
    'is not found any more, and its neighbours are': async ({ storage }) => {
      await prepare(storage)
      const archived = await write(storage, (tx) => tx.archiveCertificates([id('c3'), id('c1')]))
      assertEqual([...archived].sort(), [id('c1'), id('c3')])
      assert.equal(await storage.findCertificate(id('c1')), undefined)
      assertEqual(await keptOf(storage), [id('c2')])
      assertEqual((await storage.findCertificate(id('c2')))?.serialNumber, serialOf('c2'))
    },

    'leaves its reservation, and its serial number is never given again': async ({ storage }) => {
      await prepare(storage)
      await write(storage, (tx) => tx.archiveCertificates([id('c1')]))
      assertEqual(await statesOf(storage), ['archived', 'recorded', 'recorded'])
      const again = reservation({ id: id('c9') })
      await assertConflict(
        write(storage, (tx) => tx.insertReservations([again])),
        'serial_number',
      )
    },

    'stays revoked, and on the list': async ({ storage }) => {
      await prepare(storage)
      const before = [
        (await storage.findSerial(id('ca1'), serialOf('c1')))?.revocation,
        await collect(storage.listRevocations(id('ca1'))),
        await storage.crlState(id('ca1'), 'complete'),
      ]
      await write(storage, (tx) => tx.archiveCertificates([id('c1')]))
      const after = [
        (await storage.findSerial(id('ca1'), serialOf('c1')))?.revocation,
        await collect(storage.listRevocations(id('ca1'))),
        await storage.crlState(id('ca1'), 'complete'),
      ]
      assertEqual(after, before)
    },

    'can be revoked by a transaction that comes too late to mark it': async ({ storage }) => {
      await prepare(storage)
      await write(storage, (tx) => tx.archiveCertificates([id('c2')]))
      const late = revocation({ serialNumber: serialOf('c2') })
      assert.equal(await write(storage, (tx) => tx.insertRevocation(late, first('c2'))), true)
      assert.equal(await storage.findCertificate(id('c2')), undefined)
      assertEqual((await storage.findSerial(id('ca1'), serialOf('c2')))?.revocation, late)
    },

    'is archived once, by one of 16 that archive it at once': async ({ storage }) => {
      await prepare(storage)
      const archived = await Promise.all(
        Array.from({ length: 16 }, (_, i) =>
          retrySerialization(storage, (tx) => tx.archiveCertificates(i % 2 === 0 ? ids : [...ids].reverse())),
        ),
      )
      assertEqual(archived.flat().sort(), ids)
      assertEqual(await statesOf(storage), ['archived', 'archived', 'archived'])
    },
  }),

  ...laws('archiveCertificates', {
    'tells which were there, and ignores what was not': async ({ storage }) => {
      await prepare(storage)
      const archive = (...some: readonly string[]) => write(storage, (tx) => tx.archiveCertificates(some))
      assertEqual(await archive(), [])
      assertEqual(await archive(id('unknown'), id('c2'), id('ca1')), [id('c2')])
      assertEqual(await archive(id('c2')), [])
      assertEqual(await statesOf(storage), ['recorded', 'archived', 'recorded'])
      assert.notEqual(await storage.findCa(id('ca1')), undefined)
    },

    'leaves no trace where the transaction fails': async ({ storage }) => {
      await prepare(storage)
      const failure = new Error('the archive is full')
      const run = storage.transaction(async (tx) => {
        assertEqual([...(await tx.archiveCertificates(ids))].sort(), ids)
        assert.equal(await tx.findCertificate(id('c2')), undefined)
        assert.equal((await tx.findSerial(id('ca1'), serialOf('c2')))?.state, 'archived')
        throw failure
      })
      assert.equal(await rejectionOf(run), failure)
      assertEqual(await keptOf(storage), ids)
      assertEqual(await statesOf(storage), ['recorded', 'recorded', 'recorded'])
    },
  }),

  ...laws('listExpiredCertificates gives', {
    'what ended before a time, and not what ends with it': async ({ storage }) => {
      await prepare(storage)
      const list = async (expiredBefore: Date) => {
        const found = await storage.listExpiredCertificates({ expiredBefore, ...everyProfile }, 10)
        return found.map((record) => record.id).sort()
      }
      const end = certificate().notAfter
      assertEqual(await list(end), [])
      assertEqual(await list(new Date(end.getTime() + 1)), ids)
      assertEqual(await list(new Date(end.getTime() + 1000)), ids)
    },

    'whole records, revoked ones too': async ({ storage }) => {
      await prepare(storage)
      const filter = { expiredBefore: at('12-31T00:00:00'), ...everyProfile }
      const found = await storage.listExpiredCertificates(filter, 10)
      for (const record of found) assertEqual(record, await storage.findCertificate(record.id))
      assertEqual(
        found.filter(({ revokedAt }) => revokedAt !== undefined).map((record) => record.id),
        [id('c1')],
      )
    },

    'no more than asked for, of every CA, and none of the profile that is left out': async ({ storage }) => {
      await prepare(storage)
      await storage.transaction(async (tx) => {
        await tx.insertCa(ca({ id: id('ca2'), name: 'Other' }))
        await tx.insertCertificates([
          certificate({ id: id('d1'), caId: id('ca2'), profile: 'other' }),
          certificate({ id: id('d2'), caId: id('ca2') }),
        ])
      })
      const list = async (exceptProfile: string, limit: number) => {
        const filter = { expiredBefore: at('12-31T00:00:00'), exceptProfile }
        return (await storage.listExpiredCertificates(filter, limit)).map((record) => record.id)
      }
      assertEqual((await list('other', 10)).sort(), [...ids, id('d2')].sort())
      assertEqual(await list('serverAuth', 10), [id('d1')])
      const some = await list('other', 2)
      assert.equal(new Set(some).size, 2)
      assert.ok(some.every((one) => [...ids, id('d2')].includes(one)))
    },
  }),
]
