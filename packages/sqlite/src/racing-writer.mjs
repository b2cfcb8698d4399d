// The other process of a test: node racing-writer.mjs PATH ROUNDS. Says that it is ready, waits for a word, and races.
import { hasCode, parseSerialNumber } from '@certwright/core'
import { sqliteStorage } from '@certwright/sqlite'

const [path = '', rounds = '0'] = process.argv.slice(2)
const storage = sqliteStorage(path)
const time = new Date('2026-03-01T12:00:00Z')
process.stdout.write('ready\n')
await new Promise((resolve) => process.stdin.once('data', resolve))
const numbers = []
let taken = 0
for (let i = 0; i < Number(rounds); i++) {
  numbers.push(await storage.transaction((tx) => tx.nextCrlNumber('ca1')))
  /** @type {import('@certwright/core').Reservation} */
  const reservation = {
    id: `child-${i}`,
    caId: 'ca1',
    kind: 'certificate',
    serialNumber: parseSerialNumber((0x1000 + i).toString(16)),
    tbsHash: '',
    notAfter: time,
    reservedAt: time,
  }
  try {
    await storage.transaction((tx) => tx.insertReservations([reservation]))
    taken++
  } catch (error) {
    if (!hasCode(error, 'storage_conflict') || error.context.constraint !== 'serial_number') throw error
  }
}
await storage.close()
process.stdout.write(`${JSON.stringify({ numbers, taken })}\n`)
