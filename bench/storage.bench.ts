import { measure, print } from './measure.js'
import { batch, portion } from './storage/issuing.js'
import { cryptographyAlone } from './storage/cryptography.js'
import { onPostgres } from './storage/on-postgres.js'
import { onSqlite } from './storage/on-sqlite.js'
import { makeCsrs } from './csrs.js'

/*
 * Certificates that are durable when the promise resolves, from CSRs with a key each, one process, P-256: `issue` with 16
 * callers at once over a pool of 16 connections, `issueMany` with a thousand a call. The limit is one INSERT of the same
 * bytes and a serial number into a table with nothing but a unique index: prepared, committed by itself, as many at once.
 *
 * The cryptography alone is beside them, since it shares the cores with the stores: it tells what they leave at most. CPU is
 * that of this process; Postgres takes its own beside it.
 */

const count = batch / portion
const rounds = 7
const warmUps = 4

const csrs = await makeCsrs(4 * batch)
const postgres = await onPostgres(csrs)
const sqlite = await onSqlite(csrs)
try {
  const cryptography = await cryptographyAlone(csrs, postgres.limit)
  const contenders = [...postgres.contenders, ...sqlite.contenders, cryptography]
  print(await measure('storage', contenders, { rounds, warmUps, count }))
} finally {
  await postgres.close()
  await sqlite.close()
}
