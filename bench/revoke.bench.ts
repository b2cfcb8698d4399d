import { startPostgres } from '../test/storage/postgres-server.js'
import { measure, print } from './measure.js'
import { entriesBefore, onMemory, onPostgres, onSqlite, type Revoking } from './revoke/revoking.js'

/*
 * The time of one revocation, one after the other, where the CA has revoked none, 17,000 and a million before. It should
 * not depend on that: the row with none is the limit of the others of its store.
 */

const count = 100
const rounds = 7
const warmUps = 4
const certificates = count * (rounds + warmUps)

const server = await startPostgres()
const opened: Revoking[] = []
const stores = {
  memory: onMemory,
  SQLite: onSqlite,
  Postgres: (before: number, amount: number) => onPostgres(server.url, before, amount),
}
try {
  for (const [store, open] of Object.entries(stores)) {
    for (const before of entriesBefore) {
      process.stderr.write(`revoke: making ready ${store}, ${before.toLocaleString('en')}\n`)
      opened.push(await open(before, certificates))
    }
  }
  const contenders = opened.map(({ contender }) => contender)
  print(await measure('revoke', contenders, { rounds, warmUps, count }))
} finally {
  for (const { close } of opened.reverse()) await close()
  await server.stop()
}
