import assert from 'node:assert/strict'
import type { CrlPart, CrlReason, SerialNumber, Storage } from '@certwright/core'
import { assertEqual, rejectionOf } from '../assertions.js'
import { certificate, collect, first, id, now, reservation, revocation, serial, write } from '../records.js'
import { laws } from '../storage-law.js'

const caId = id('ca1')

const add = (storage: Storage, hex: string, of = caId) =>
  write(storage, (tx) => tx.insertRevocation(entryOf(hex, { caId: of }), first('unknown')))

const entryOf = (hex: string, change: Parameters<typeof revocation>[0] = {}) =>
  revocation({ serialNumber: serial(hex), entryDer: new TextEncoder().encode(`<${hex}>`), ...change })

/** An entry that is read as `<0a keyCompromise>`. */
const namedEntry = (hex: string, reason: CrlReason) =>
  entryOf(hex, { reason, entryDer: new TextEncoder().encode(`<${hex} ${reason}>`) })

const change = (storage: Storage, hex: string, reason: CrlReason, replacesHold: boolean) =>
  write(storage, (tx) => tx.insertRevocation(namedEntry(hex, reason), { id: id('unknown'), replacesHold }))

/** The entries of a list as text, in an order of their own. */
async function entriesOf(storage: Storage, part?: CrlPart): Promise<string[]> {
  const text = new TextDecoder()
  const slabs = await collect(storage.listCrlEntries(caId, part))
  const entries = slabs.map((slab) => text.decode(slab)).join('')
  return entries.match(/<[^>]*>/g)?.sort() ?? []
}

const serialsIn = async (storage: Storage): Promise<string[]> =>
  (await collect(storage.listRevocations(caId))).map(({ serialNumber }) => serialNumber)

/** What `listCrlEntries` must give, and what it gives, as text in an order that both have. */
async function bothLists(storage: Storage): Promise<[string[], string[]]> {
  const text = new TextDecoder()
  const records = await collect(storage.listRevocations(caId))
  return [await entriesOf(storage), records.map(({ entryDer }) => text.decode(entryDer)).sort()]
}

export const statusLog = [
  ...laws('a reservation', {
    'is open, then recorded or abandoned, and closes once': async ({ storage }) => {
      const state = async () => (await storage.findSerial(caId, serial('0a')))?.state
      await write(storage, (tx) => tx.insertReservations([reservation()]))
      assertEqual(await storage.findSerial(caId, serial('0a')), { reservation: reservation(), state: 'open' })
      const close = (name: string, to: 'recorded' | 'abandoned') =>
        write(storage, (tx) => tx.closeReservations([id(name)], to))
      assert.equal(await close('c1', 'abandoned'), 1)
      assert.equal(await close('c1', 'recorded'), 0)
      assert.equal(await state(), 'abandoned')
      assert.equal(await close('unknown', 'recorded'), 0)
      assert.equal(await storage.findSerial(id('ca2'), serial('0a')), undefined)
    },

    'that was made and closed in one transaction is closed in the next': async ({ storage }) => {
      await storage.transaction(async (tx) => {
        await tx.insertReservations([reservation()])
        assert.equal(await tx.closeReservations([id('c1')], 'abandoned'), 1)
      })
      assert.equal(await write(storage, (tx) => tx.closeReservations([id('c1')], 'recorded')), 0)
      assert.equal((await storage.findSerial(caId, serial('0a')))?.state, 'abandoned')
    },

    'closes with others, those that were open counted': async ({ storage }) => {
      const made = ['0a', '0b', '0c'].map((hex) => reservation({ id: id(hex), serialNumber: serial(hex) }))
      await write(storage, (tx) => tx.insertReservations(made))
      await write(storage, (tx) => tx.closeReservations([id('0b')], 'abandoned'))
      const all = [id('0a'), id('0b'), id('0c'), id('0d')]
      assert.equal(await write(storage, (tx) => tx.closeReservations(all, 'recorded')), 2)
      assert.equal(await write(storage, (tx) => tx.closeReservations([], 'recorded')), 0)
    },
  }),

  ...laws('a revocation', {
    'happens once: the first reason and time stand': async ({ storage }) => {
      await storage.transaction(async (tx) => {
        await tx.insertReservations([reservation()])
        await tx.insertCertificates([certificate()])
      })
      const revoke = (reason: CrlReason) =>
        write(storage, (tx) => tx.insertRevocation(revocation({ reason }), first('c1')))
      assertEqual([await revoke('keyCompromise'), await revoke('superseded')], [true, false])
      assertEqual(
        await storage.findCertificate(id('c1')),
        certificate({ revokedAt: now, revocationReason: 'keyCompromise' }),
      )
      assertEqual((await storage.findSerial(caId, serial('0a')))?.revocation, revocation())
      assertEqual(await storage.crlState(caId, 'complete'), { revocationCount: 1 })
      assertEqual(await collect(storage.listRevocations(caId)), [revocation()])
    },

    'replaces a hold, and nothing else, where the caller saw one': async ({ storage }) => {
      const revoke = (reason: CrlReason, replacesHold: boolean) =>
        write(storage, (tx) => tx.insertRevocation(revocation({ reason }), { id: id('c1'), replacesHold }))
      await write(storage, (tx) => tx.insertCertificates([certificate()]))
      assert.equal(await revoke('keyCompromise', true), false)
      assert.equal(await revoke('certificateHold', false), true)
      assert.equal(await revoke('keyCompromise', false), false)
      assertEqual(await collect(storage.listRevocations(caId)), [revocation({ reason: 'certificateHold' })])
      assert.equal(await revoke('keyCompromise', true), true)
      assert.equal(await revoke('keyCompromise', true), false)
      // The log has two entries, and the list the last one.
      assertEqual(await collect(storage.listRevocations(caId)), [revocation()])
      assertEqual(await storage.crlState(caId, 'complete'), { revocationCount: 2 })
      assert.equal((await storage.findCertificate(id('c1')))?.revocationReason, 'keyCompromise')
    },

    'that ends a hold takes the mark and the entry away, and the log keeps both': async ({ storage }) => {
      await storage.transaction(async (tx) => {
        await tx.insertReservations([reservation()])
        await tx.insertCertificates([certificate()])
      })
      const change = (reason: CrlReason, replacesHold: boolean) =>
        write(storage, (tx) => tx.insertRevocation(revocation({ reason }), { id: id('c1'), replacesHold }))
      assert.equal(await change('certificateHold', false), true)
      assert.equal(await change('removeFromCRL', true), true)
      assert.equal(await change('removeFromCRL', true), false)
      assertEqual(await storage.findCertificate(id('c1')), certificate())
      assertEqual(await collect(storage.listRevocations(caId)), [])
      assertEqual(await collect(storage.listCrlEntries(caId)), [])
      assertEqual(await storage.crlState(caId, 'complete'), { revocationCount: 2 })
      const status = await storage.findSerial(caId, serial('0a'))
      assertEqual(status?.revocation, revocation({ reason: 'removeFromCRL' }))
      // Good again, it can be revoked as if for the first time.
      assert.equal(await change('keyCompromise', false), true)
      const reasons = (await collect(storage.listStatusLog(caId))).map(({ reason }) => reason)
      assertEqual(reasons, ['certificateHold', 'removeFromCRL', 'keyCompromise'])
    },

    'of a serial number without a certificate is kept as well': async ({ storage }) => {
      await write(storage, (tx) => tx.insertReservations([reservation()]))
      assert.equal(await write(storage, (tx) => tx.insertRevocation(revocation(), first('c1'))), true)
      assertEqual((await storage.findSerial(caId, serial('0a')))?.revocation, revocation())
    },

    'marks the certificate with its id alone': async ({ storage }) => {
      const others = [certificate({ id: id('c2') }), certificate({ id: id('c3'), caId: id('ca2') })]
      await write(storage, (tx) => tx.insertCertificates([certificate(), ...others]))
      await write(storage, (tx) => tx.insertRevocation(revocation(), first('c1')))
      assertEqual(await storage.findCertificate(id('c2')), others[0])
      assertEqual(await storage.findCertificate(id('c3')), others[1])
    },
  }),

  ...laws('the status log', {
    'streams in the order in which its entries came, of one CA alone': async ({ storage }) => {
      for (const hex of ['0b', '0100', '-02', 'ff', '02']) await add(storage, hex)
      await add(storage, '0c', id('ca2'))
      assertEqual(await serialsIn(storage), ['0b', '0100', '-02', 'ff', '02'])
    },

    'streams what there was at one instant, whatever is revoked or rolled back meanwhile': async ({
      storage,
    }) => {
      await add(storage, '05')
      await add(storage, '07')
      const stream = storage.listRevocations(caId)[Symbol.asyncIterator]()
      const next = async () => {
        const { done, value } = await stream.next()
        return done === true ? undefined : value.serialNumber
      }
      assert.equal(await next(), '05')
      await add(storage, '06')
      const rolledBack = storage.transaction(async (tx) => {
        await tx.insertRevocation(entryOf('08'), first('unknown'))
        assert.equal((await collect(tx.listRevocations(caId))).length, 4)
        throw new Error('no')
      })
      await rejectionOf(rolledBack)
      assert.equal(await next(), '07')
      assert.equal(await next(), undefined)
      assertEqual(await serialsIn(storage), ['05', '07', '06'])
    },

    'gives as CRL entries what it gives as records: the last of each serial number, of one CA': async ({
      storage,
    }) => {
      for (const hex of ['0a', '0b', '0c']) await add(storage, hex)
      await add(storage, '0d', id('ca2'))
      const hold = entryOf('0e', { reason: 'certificateHold' })
      await write(storage, (tx) => tx.insertRevocation(hold, first('unknown')))
      const [before, recordsBefore] = await bothLists(storage)
      assertEqual(before, recordsBefore)
      assertEqual(before, ['<0a>', '<0b>', '<0c>', '<0e>'])

      const final = { ...entryOf('0e'), entryDer: new TextEncoder().encode('<0e revoked>') }
      const subject = { id: id('unknown'), replacesHold: true }
      await write(storage, (tx) => tx.insertRevocation(final, subject))
      const [after, recordsAfter] = await bothLists(storage)
      assertEqual(after, recordsAfter)
      assertEqual(after, ['<0a>', '<0b>', '<0c>', '<0e revoked>'])
    },

    'gives a delta CRL the serial numbers with entries since a place in the log, ended holds included':
      async ({ storage }) => {
        for (const hex of ['0a', '0b']) await add(storage, hex)
        await change(storage, '0c', 'certificateHold', false)
        const since = (await storage.crlState(caId, 'complete')).revocationCount
        await add(storage, '0d')
        await change(storage, '0c', 'removeFromCRL', true)
        await change(storage, '0e', 'certificateHold', false)
        await change(storage, '0e', 'keyCompromise', true)
        assertEqual(await entriesOf(storage, { since }), ['<0c removeFromCRL>', '<0d>', '<0e keyCompromise>'])
        assertEqual(await entriesOf(storage, { since: since + 4 }), [])
        const all = ['<0a>', '<0b>', '<0c removeFromCRL>', '<0d>', '<0e keyCompromise>']
        assertEqual(await entriesOf(storage, { since: 0 }), all)
        assertEqual(await entriesOf(storage), ['<0a>', '<0b>', '<0d>', '<0e keyCompromise>'])
      },

    'gives a partition the serial numbers by their last octet, each to one of them': async ({ storage }) => {
      const serials = ['00ff', '01', '0104', '02', '03fe', '7f']
      for (const hex of serials) await add(storage, hex)
      const partition = (index: number, count: number) => entriesOf(storage, { partition: { index, count } })
      assertEqual(await partition(0, 1), await entriesOf(storage))
      assertEqual(await partition(0, 2), ['<0104>', '<02>', '<03fe>'])
      assertEqual(await partition(1, 2), ['<00ff>', '<01>', '<7f>'])
      assertEqual(await partition(255, 256), ['<00ff>'])
      assertEqual(await partition(3, 256), [])
    },

    'is told entry by entry, of the CA or of one serial number': async ({ storage }) => {
      await change(storage, '0a', 'certificateHold', false)
      await add(storage, '0b')
      await change(storage, '0a', 'keyCompromise', true)
      await add(storage, '0c', id('ca2'))
      const told = async (serialNumber?: SerialNumber) =>
        (await collect(storage.listStatusLog(caId, serialNumber))).map((entry) => entry.serialNumber)
      assertEqual(await told(), ['0a', '0b', '0a'])
      assertEqual(await told(serial('0a')), ['0a', '0a'])
      assertEqual(await told(serial('0d')), [])
      assertEqual(await collect(storage.listStatusLog(caId, serial('0a'))), [
        namedEntry('0a', 'certificateHold'),
        namedEntry('0a', 'keyCompromise'),
      ])
    },

    'counts its entries as its readers see them': async ({ storage }) => {
      const count = async () => (await storage.crlState(caId, 'complete')).revocationCount
      assert.equal(await count(), 0)
      await add(storage, '0a')
      await storage.transaction(async (tx) => {
        await tx.insertRevocation(entryOf('0b'), first('unknown'))
        assert.equal((await tx.crlState(caId, 'complete')).revocationCount, 2)
        assert.equal(await count(), 1)
      })
      assert.equal(await count(), 2)
    },
  }),
]
