import assert from 'node:assert/strict'
import type { Storage } from '@certwright/core'
import { crashAt } from '../../chaos/crash-at.js'
import { recordCalls } from '../../chaos/record-calls.js'
import { assertEqual, rejectionOf } from '../assertions.js'
import { readEverything, writeEverything } from '../every-record.js'
import type { OpenedStorage } from '../storage-factory.js'
import { laws, lawsWith } from '../storage-law.js'
import { startProcess } from '../processes/start-process.js'
import { id, now, reservation, serial, user, write } from '../records.js'

/** The port calls of `writeEverything` as one transaction, the two ends included. */
async function callsOf(storage: Storage): Promise<readonly string[]> {
  const { ports, calls } = recordCalls({ storage })
  const stop = new Error('only counted')
  const run = ports.storage.transaction(async (tx) => {
    await writeEverything(tx)
    throw stop
  })
  assert.equal(await rejectionOf(run), stop)
  return [...calls, 'commit']
}

async function crashesEverywhere({ storage }: OpenedStorage): Promise<void> {
  const before = await readEverything(storage)
  const calls = await callsOf(storage)
  for (const when of ['before', 'after'] as const) {
    for (const [i, name] of calls.entries()) {
      if (name === 'commit' && when === 'after') continue
      const { storage: dying } = crashAt({ storage }, i + 1, when)
      await rejectionOf(dying.transaction(writeEverything))
      assertEqual(await readEverything(storage), before, `a crash ${when} ${name} has left something`)
    }
  }
  const { storage: dying } = crashAt({ storage }, calls.length, 'after')
  await rejectionOf(dying.transaction(writeEverything))
  assert.notEqual(
    (await readEverything(storage)).certificate,
    undefined,
    'a crash behind the commit has lost it',
  )
}

export const crash = [
  ...laws('a crash', {
    'between any two port calls leaves everything or nothing, and what comes next goes on': crashesEverywhere,
  }),

  ...lawsWith('processes', 'a process that is killed', {
    'leaves what it has committed': async ({ storage, otherProcess }) => {
      const other = await startProcess(otherProcess)
      await other.ask('insertUser', { user: id('u1') })
      await other.kill()
      assertEqual(await storage.findUser(id('u1')), user())
    },

    'leaves nothing of the transaction that it was in, and holds nobody up': async ({
      storage,
      otherProcess,
    }) => {
      const other = await startProcess(otherProcess)
      await other.ask('beginAndHold', { caId: id('ca1') })
      await other.kill()
      // The same serial number and CRL number are free.
      await write(storage, (tx) => tx.insertReservations([reservation()]))
      assert.equal(await write(storage, (tx) => tx.nextCrlNumber(id('ca1'))), 1)
      assertEqual(await storage.findSerial(id('ca1'), serial('0a')), {
        reservation: reservation(),
        state: 'open',
      })
      assertEqual(await storage.listOpenReservations(now, 10), [reservation()])
    },
  }),
]
