import assert from 'node:assert/strict'
import { assertEqual } from '../assertions.js'
import { processCount, withProcesses } from '../processes/with-processes.js'
import { collect, id, idempotencyRecord, now, serial, user, write } from '../records.js'
import { lawsWith } from '../storage-law.js'

const writersEach = 4
const writers = processCount * writersEach
const serials = Array.from({ length: 12 }, (_, i) => serial((0x1000 + i).toString(16)))
const caId = id('ca1')

export const processes = lawsWith('processes', `${processCount} processes with ${writersEach} writers each`, {
  'reserve each serial number once: one success, and a conflict by its name for all others': async ({
    storage,
    otherProcess,
  }) => {
    const answers = await withProcesses(otherProcess, (started) =>
      Promise.all(
        started.map((one, process) =>
          one.ask('reserveSerials', { caId, serials, writers: writersEach, process }),
        ),
      ),
    )
    const outcomes = answers.flat()
    for (const serialNumber of serials) {
      const of = outcomes.filter((outcome) => outcome.serialNumber === serialNumber)
      assert.equal(of.length, writers)
      const winners = of.filter(({ outcome }) => outcome === 'reserved')
      assert.equal(winners.length, 1, `${serialNumber} was reserved ${winners.length} times`)
      assert.equal(of.filter(({ outcome }) => outcome === 'serial_number').length, writers - 1)
      const status = await storage.findSerial(caId, serialNumber)
      assert.equal(status?.reservation.id, winners[0]?.id)
    }
  },

  'get CRL numbers in a row': async ({ storage, otherProcess }) => {
    const count = 5
    const answers = await withProcesses(otherProcess, (started) =>
      Promise.all(started.map((one) => one.ask('takeCrlNumbers', { caId, count, writers: writersEach }))),
    )
    const numbers = answers.flat().sort((a, b) => a - b)
    assertEqual(
      numbers,
      Array.from({ length: writers * count }, (_, i) => i + 1),
    )
    assert.equal(await write(storage, (tx) => tx.nextCrlNumber(caId)), numbers.length + 1)
  },

  'claim an idempotency key once': async ({ storage, otherProcess }) => {
    const answers = await withProcesses(otherProcess, (started) =>
      Promise.all(started.map((one, process) => one.ask('claimKey', { writers: writersEach, process }))),
    )
    const holder = await storage.findIdempotencyRecord(idempotencyRecord(), now)
    const answered = answers.flat()
    assert.equal(answered.filter(({ standing }) => standing === undefined).length, 1)
    for (const { claimed, standing } of answered) {
      assert.equal(standing ?? claimed, holder?.certificateId)
    }
  },

  'revoke each serial number once, and count every entry': async ({ storage, otherProcess }) => {
    const answers = await withProcesses(otherProcess, (started) =>
      Promise.all(started.map((one) => one.ask('revokeSerials', { caId, serials, writers: writersEach }))),
    )
    const added = answers.flat().sort()
    assertEqual(added, serials)
    assertEqual(await storage.crlState(caId, 'complete'), { revocationCount: serials.length })
    const listed = (await collect(storage.listRevocations(caId))).map(({ serialNumber }) => serialNumber)
    assertEqual(listed.sort(), serials)
  },

  'read what has been committed as soon as its promise resolves': async ({ storage, otherProcess }) => {
    await withProcesses(otherProcess, async ([reader, writer]) => {
      assert.ok(reader !== undefined && writer !== undefined)
      await write(storage, (tx) => tx.insertUser(user()))
      assert.equal((await reader.ask('findUser', { user: id('u1') })).email, user().email)
      await writer.ask('insertUser', { user: id('u2') })
      assert.equal((await storage.findUser(id('u2')))?.id, id('u2'))
      assert.equal((await reader.ask('findUser', { user: id('u2') })).id, id('u2'))
    })
  },
})
