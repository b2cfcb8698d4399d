import assert from 'node:assert/strict'
import { hasCode, type Storage, type StorageTransaction } from '@certwright/core'
import { duplicateDelivery } from '../../chaos/duplicate-delivery.js'
import { lostAcknowledgement } from '../../chaos/lost-acknowledgement.js'
import { assertConflict, assertEqual, rejectionOf } from '../assertions.js'
import { readEverything, writeEverything } from '../every-record.js'
import {
  certificate,
  first,
  id,
  idempotencyRecord,
  now,
  reservation,
  revocation,
  serial,
  write,
} from '../records.js'
import { laws } from '../storage-law.js'

const reserve = (tx: StorageTransaction) => tx.insertReservations([reservation()])
const claim = (tx: StorageTransaction) => tx.claimIdempotencyKey(idempotencyRecord(), now)
const revoke = (tx: StorageTransaction) => tx.insertRevocation(revocation(), first('c1'))

/** Report the first commit as lost, and check that it says so. */
async function losing(storage: Storage, work: (tx: StorageTransaction) => Promise<unknown>): Promise<void> {
  const { storage: lossy } = lostAcknowledgement({ storage }, 1)
  const error = await rejectionOf(lossy.transaction(work))
  assert.ok(hasCode(error, 'storage_unavailable'))
}

export const retries = [
  ...laws('work that runs twice, as after a serialization failure,', {
    'leaves what it leaves when it runs once': async ({ storage }) => {
      const twice = duplicateDelivery({ storage }).storage
      await twice.transaction(writeEverything)
      const state = await readEverything(storage)
      assertEqual(state.audit.length, 1)
      assertEqual(state.outbox.length, 1)
      assertEqual(state.crl.revocationCount, 1)
      assertEqual(state.crl.latest?.number, 1)
      assertEqual(state.serial?.state, 'recorded')
      assert.equal(await write(storage, (tx) => tx.nextCrlNumber(id('ca1'))), 2)
    },

    'claims its key for itself': async ({ storage }) => {
      const twice = duplicateDelivery({ storage }).storage
      assert.equal(await write(twice, (tx) => tx.claimIdempotencyKey(idempotencyRecord(), now)), undefined)
    },
  }),

  ...laws('a commit whose acknowledgement is lost', {
    'has committed all of its writes': async ({ storage }) => {
      await losing(storage, writeEverything)
      const { serial: status, audit, certificate: kept } = await readEverything(storage)
      assert.equal(status?.state, 'recorded')
      assert.equal(audit.length, 1)
      assert.equal(kept?.id, id('c1'))
    },

    'is known by the serial number when the work is run again': async ({ storage }) => {
      await losing(storage, reserve)
      await assertConflict(write(storage, reserve), 'serial_number', 'reservation_id')
      const status = await storage.findSerial(id('ca1'), serial('0a'))
      assertEqual(status, { reservation: reservation(), state: 'open' })
    },

    'is known by the certificate id of the idempotency key': async ({ storage }) => {
      await losing(storage, claim)
      assertEqual(await write(storage, claim), idempotencyRecord())
    },

    'of a revocation is not made again': async ({ storage }) => {
      await write(storage, (tx) => tx.insertCertificates([certificate()]))
      await losing(storage, revoke)
      assert.equal(await write(storage, revoke), false)
      assertEqual(await storage.crlState(id('ca1'), 'complete'), { revocationCount: 1 })
    },
  }),
]
