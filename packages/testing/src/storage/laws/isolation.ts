import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import { hasCode, type Storage, type StorageTransaction } from '@certwright/core'
import { assertEqual } from '../assertions.js'
import {
  auditEvent,
  ca,
  certificate,
  crl,
  first,
  id,
  idempotencyRecord,
  now,
  ocspResponder,
  reservation,
  revocation,
  serial,
  write,
} from '../records.js'
import { retrySerialization } from '../retry-serialization.js'
import { laws } from '../storage-law.js'

/** Milliseconds that a change has to get ahead of a transaction that has read what it changes. */
const headStart = 100

/** A decision that rests on what it has read. */
async function countUp(tx: StorageTransaction): Promise<void> {
  const responder = (await tx.findCa(id('ca1')))?.ocspResponder
  const count = Number(responder?.keyId ?? 0)
  await tx.setOcspResponder(id('ca1'), ocspResponder({ keyId: String(count + 1) }))
}

type Read = (tx: StorageTransaction) => Promise<unknown>
type Change = (tx: StorageTransaction) => Promise<unknown>

const revokeCertificate: Change = (tx) => tx.insertRevocation(revocation(), first('c1'))

/** What one transaction reads, and what another one changes about it meanwhile. */
const stale: Readonly<Record<string, readonly [read: Read, change: Change]>> = {
  'a CA that is being revoked': [
    (tx) => tx.findCa(id('ca1')),
    (tx) => tx.insertRevocation(revocation({ serialNumber: serial('01') }), first('ca1')),
  ],
  'the lineage of a CA that is being revoked': [
    (tx) => tx.findCaLineage(id('ca1')),
    (tx) => tx.insertRevocation(revocation({ serialNumber: serial('01') }), first('ca1')),
  ],
  'a certificate that is being revoked': [(tx) => tx.findCertificate(id('c1')), revokeCertificate],
  'a certificate that is being archived': [
    (tx) => tx.findCertificate(id('c1')),
    (tx) => tx.archiveCertificates([id('c1')]),
  ],
  'a reservation that is being closed': [
    (tx) => tx.findSerial(id('ca1'), serial('0a')),
    (tx) => tx.closeReservations([id('c1')], 'recorded'),
  ],
  'the state of a list that is being published': [
    (tx) => tx.crlState(id('ca1'), 'complete'),
    async (tx) => tx.insertCrl(crl({ number: await tx.nextCrlNumber(id('ca1')) })),
  ],
}

async function prepare(storage: Storage): Promise<void> {
  await storage.transaction(async (tx) => {
    await tx.insertCa(ca())
    await tx.insertReservations([reservation()])
    await tx.insertCertificates([certificate()])
    await tx.insertCrl(crl({ number: await tx.nextCrlNumber(id('ca1')) }))
    await tx.claimIdempotencyKey(idempotencyRecord(), now)
  })
}

const tell = (tx: StorageTransaction, name: string): Promise<void> =>
  tx.appendEvents({ audit: [auditEvent(name)], outbox: [] })

/**
 * The change may come before the reading transaction or after it, but not between its first read and its commit; nor is it
 * in the log before it.
 */
async function staysAsRead(storage: Storage, read: Read, change: Change): Promise<void> {
  await prepare(storage)
  let isChanged = false
  let changing: Promise<unknown> = Promise.resolve()
  const reading = storage.transaction(async (tx) => {
    const before = await read(tx)
    const changeAndTell: Change = async (other) => {
      await change(other)
      await tell(other, 'change')
    }
    changing = retrySerialization(storage, changeAndTell).then(() => (isChanged = true))
    await Promise.race([changing, wait(headStart)])
    assertEqual(await read(tx), before, 'the second read of a transaction is not the first')
    // A write, so that the transaction has something to lose.
    await tx.insertCertificates([certificate({ id: id('c2'), serialNumber: serial('0b') })])
    await tell(tx, 'reading')
    return isChanged
  })
  const wasChangedMeanwhile = await reading.catch((error: unknown) => {
    assert.ok(
      hasCode(error, 'storage_conflict') && error.context.constraint === 'serialization',
      error as Error,
    )
    return false
  })
  await changing
  assert.equal(
    wasChangedMeanwhile,
    false,
    'what was read had changed, and the transaction committed all the same',
  )
  const log = (await storage.listAuditEvents({}, 10)).map((event) => event.id)
  const inOrder = log.includes(id('reading')) ? ['reading', 'change'] : ['change']
  assertEqual(log, inOrder.map(id), 'the log is not in the order of the commits')
}

export const isolation = [
  ...laws(
    'a transaction commits on nothing that has changed since it was read:',
    Object.fromEntries(
      Object.entries(stale).map(([what, [read, change]]) => [
        what,
        ({ storage }) => staysAsRead(storage, read, change),
      ]),
    ),
  ),

  ...laws('transactions that run at once', {
    'lose no update: a read and a write that rests on it': async ({ storage }) => {
      await write(storage, (tx) => tx.insertCa(ca()))
      await Promise.all([retrySerialization(storage, countUp), retrySerialization(storage, countUp)])
      assert.equal((await storage.findCa(id('ca1')))?.ocspResponder?.keyId, '2')
    },

    'get CRL numbers in a row, 100 of them': async ({ storage }) => {
      const numbers = await Promise.all(
        Array.from({ length: 100 }, () =>
          retrySerialization(storage, async (tx) => {
            await wait(0)
            return tx.nextCrlNumber(id('ca1'))
          }),
        ),
      )
      assertEqual(
        numbers.sort((a, b) => a - b),
        Array.from({ length: 100 }, (_, i) => i + 1),
      )
    },

    'revoke once: one of 16 adds to the log': async ({ storage }) => {
      await storage.transaction(async (tx) => {
        await tx.insertReservations([reservation()])
        await tx.insertCertificates([certificate()])
      })
      const added = await Promise.all(
        Array.from({ length: 16 }, () => retrySerialization(storage, revokeCertificate)),
      )
      assert.equal(added.filter((isAdded) => isAdded === true).length, 1)
      assertEqual(await storage.crlState(id('ca1'), 'complete'), { revocationCount: 1 })
    },

    'close a reservation once': async ({ storage }) => {
      await write(storage, (tx) => tx.insertReservations([reservation()]))
      const closed = await Promise.all(
        Array.from({ length: 16 }, (_, i) =>
          retrySerialization(storage, (tx) =>
            tx.closeReservations([id('c1')], i % 2 === 0 ? 'recorded' : 'abandoned'),
          ),
        ),
      )
      assert.equal(
        closed.reduce((sum, count) => sum + count, 0),
        1,
      )
    },
  }),
]
