import type { Storage } from '@certwright/core'
import type pg from 'pg'
import type { Libsql } from '../storage/libsql.js'
import {
  entryAround,
  notAfter,
  octetsAt,
  reason,
  revocationOf,
  revokedAt,
  serialNumberAt,
} from './entries.js'

/*
 * A status log of so many entries, quicker than by so many revocations. Each database is told of them in the form in which
 * its adapter keeps them.
 */

const batch = 10_000
const inSeconds = (time: Date): number => time.getTime() / 1000

export async function fillMemory(storage: Storage, caId: string, entries: number): Promise<void> {
  for (let from = 0; from < entries; from += batch) {
    await storage.transaction(async (tx) => {
      for (let i = from; i < Math.min(from + batch, entries); i++) {
        const revocation = revocationOf(serialNumberAt(i), caId)
        await tx.insertRevocation(revocation, { id: String(i), replacesHold: false })
      }
    })
  }
}

/** Postgres makes them by itself: a million in some ten seconds. */
export async function fillPostgres(
  pool: pg.Pool,
  { schema, caId }: { readonly schema: string; readonly caId: string },
  entries: number,
): Promise<void> {
  const { before, behind } = entryAround()
  await pool.query(
    `INSERT INTO ${schema}.revocations (ca_id, serial_number, revoked_at, reason, not_after, entry_der)
     SELECT $1, serial, $2, $3, $4, $5::bytea || decode(serial, 'hex') || $6::bytea
     FROM (SELECT '4' || substr(md5(i::text), 2) AS serial FROM generate_series(1, $7::int) AS i) AS made`,
    [caId, inSeconds(revokedAt), reason, inSeconds(notAfter), before, behind, entries],
  )
  await pool.query(
    `INSERT INTO ${schema}.ca_counters (ca_id, revocation_count) VALUES ($1, $2)
     ON CONFLICT (ca_id) DO UPDATE SET revocation_count = excluded.revocation_count`,
    [caId, entries],
  )
  await pool.query(`ANALYZE ${schema}.revocations`)
}

export function fillSqlite(database: Libsql, caId: string, entries: number): void {
  const { before, behind } = entryAround()
  const insert = database.prepare(
    `INSERT INTO revocations (ca_id, serial_number, revoked_at, reason, not_after, entry_der)
     VALUES (?, ?, ?, ?, ?, ?)`,
  )
  database.exec('BEGIN')
  for (let i = 0; i < entries; i++) {
    const octets = Buffer.from(octetsAt(i))
    const entry = Buffer.concat([before, octets, behind])
    insert.run(caId, octets.toString('hex'), inSeconds(revokedAt), reason, inSeconds(notAfter), entry)
  }
  database
    .prepare(
      `INSERT INTO ca_counters (ca_id, revocation_count) VALUES (?, ?)
       ON CONFLICT (ca_id) DO UPDATE SET revocation_count = excluded.revocation_count`,
    )
    .run(caId, entries)
  database.exec('COMMIT')
}
