import { print, reportOf } from './measure.js'
import { runCrl } from './crl/run-crl.js'
import { rowInChild, sizes } from './crl/row-in-child.js'
import { opensslRow } from './crl/openssl.js'
import { startPostgres } from '../test/storage/postgres-server.js'

/*
 * A full CRL: time and peak memory, each row in a process of its own, which makes the list once as a CA at work does: in
 * a process that has signed before, with its entries where they are kept. The peak is that of the whole process, with
 * Node (about 60 MB), the library and, where it is "memory storage", a million records; "Postgres" keeps those in another process.
 */

const rowAt = process.argv.indexOf('--row')
if (rowAt >= 0) {
  const [way, entries] = process.argv.slice(rowAt + 1)
  process.stdout.write(JSON.stringify(await runCrl(way ?? '', Number(entries))))
} else {
  const database = await startPostgres()
  try {
    const rows = []
    for (const entries of sizes) {
      for (const way of ['memory storage', 'Postgres', 'streamed from storage', 'kept slabs']) {
        rows.push(await rowInChild(way, entries, database.url))
      }
      rows.push(await opensslRow(entries))
      if (entries === 100_000) rows.push(await rowInChild('PKI.js 4', entries))
    }
    print(reportOf('crl', rows))
  } finally {
    await database.stop()
  }
}
