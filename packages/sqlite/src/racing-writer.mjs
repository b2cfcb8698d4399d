// The other process of a test: node racing-writer.mjs PATH ROUNDS. Says that it is ready, waits for a word, and races.
import { sqliteStorage } from '@certwright/sqlite'

const [path, rounds] = process.argv.slice(2)
const storage = sqliteStorage(path)
const time = new Date('2026-03-01T12:00:00Z')
process.stdout.write('ready\n')
await new Promise((resolve) => process.stdin.once('data', resolve))
const numbers = []
let taken = 0
for (let i = 0; i < Number(rounds); i++) {
  numbers.push(await storage.transaction((tx) => tx.nextCrlNumber('ca1')))
  const reservation = {
    id: `child-${i}`,
    caId: 'ca1',
    kind: 'certificate',
    serialNumber: i.toString(16).padStart(4, '0'),
    tbsHash: '',
    notAfter: time,
    reservedAt: time,
  }
  try {
    await storage.transaction((tx) => tx.insertReservations([reservation]))
    taken++
  } catch (error) {
    if (error.context?.constraint !== 'serial_number') throw error
  }
}
await storage.close()
process.stdout.write(`${JSON.stringify({ numbers, taken })}\n`)
