import type { CaRecord } from '@certwright/core'
import { fromPool, migrate, postgresRateLimitStore, postgresStorage } from '@certwright/postgres'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessSetting, all, callerOf, grantedToken } from '../flows/access-setting.js'
import { asHost, newCsr, ocspQuestion } from '../flows/setting.js'
import { missingPostgres, type PostgresServer, startPostgres } from './postgres-server.js'
import { nextSchema } from './postgres-stores.js'

/*
 * A connection keeps the plans of its statements, and may have made them when the tables were new. What is asked for with
 * every request has to be looked up by an index all the same: in an hour the tables are long.
 */

const missing = missingPostgres()

/** Rows that each table gets after the plans are made: more than all lookups of the test read together. */
const many = 5000

/** By table, what of a row has to differ from row to row. */
const tables = {
  certificates: ['id', 'serial_number'],
  reservations: ['id', 'serial_number'],
  revocations: ['position', 'serial_number'],
  idempotency_records: ['key_hash'],
  rate_windows: ['key'],
  users: ['id', 'email', 'email_folded'],
  memberships: ['user_id'],
  api_keys: ['id', 'secret_hash'],
  oauth_clients: ['id'],
  oauth_grants: ['id'],
  oauth_artifacts: ['id_hash'],
} as const

describe.skipIf(missing !== undefined)(
  `What is asked of Postgres with every request${missing ? ` (${missing})` : ''}`,
  () => {
    let server: PostgresServer
    beforeAll(async () => {
      server = await startPostgres()
    }, 120_000)
    afterAll(() => server.stop())

    it.each(['force_generic_plan', 'force_custom_plan'])(
      'reads no table and no index as a whole (%s)',
      async (mode) => {
        await withPool(server, `-c plan_cache_mode=${mode}`, async (pool) => {
          const { schema, useAll } = await inNewSchema(pool)
          await useAll()
          for (const [table, unique] of Object.entries(tables))
            await multiply(pool, `${schema}.${table}`, unique)
          await closeSome(pool, schema)
          const read = await readBy(pool, schema, useAll)
          expect([...read].filter(([, rows]) => rows >= many)).toEqual([])
          expect(read.get('open_reservations')).toBe(0)
        })
      },
    )

    it('finds what ends soon, what has ended, and what is revoked, among the certificates of a CA', async () => {
      await withPool(server, '', async (pool) => {
        const { schema, useAll, listFew } = await inNewSchema(pool)
        await useAll()
        for (const table of ['certificates', 'reservations'] as const)
          await multiply(pool, `${schema}.${table}`, tables[table])
        const read = await readBy(pool, schema, listFew)
        expect([...read].filter(([, rows]) => rows >= many)).toEqual([])
      })
    })
  },
)

/** One connection, so that what its statements have read can be told. */
async function withPool(
  { url }: PostgresServer,
  options: string,
  use: (pool: pg.Pool) => Promise<void>,
): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 1, options })
  try {
    await use(pool)
  } finally {
    await pool.end()
  }
}

/** An authority over a schema whose tables nobody analyzes, and all that its users do. */
async function inNewSchema(pool: pg.Pool) {
  const schema = nextSchema()
  await migrate(fromPool(pool), { schema })
  for (const table of Object.keys(tables)) {
    await pool.query(`ALTER TABLE ${schema}.${table} SET (autovacuum_enabled = false)`)
  }
  const storage = postgresStorage(fromPool(pool), { schema })
  const rateLimits = postgresRateLimitStore(fromPool(pool), { schema })
  const setting = await accessSetting({ storage })
  const { authority, workspaceId, userId, rootId: caId } = setting
  const wish = { workspaceId, userId, name: 'deploy', caIds: [caId] }
  await authority.addMember({ workspaceId, userId, rights: 'all' }, asHost)
  const { secret } = await authority.createApiKey(wish, asHost)
  const { token } = await grantedToken(setting, { [caId]: all })
  const ca = (await storage.findCa(caId)) as CaRecord
  const issued: string[] = []
  let keys = 0

  const issue = async (idempotencyKey?: string) => {
    const request = { caId, mode: 'csr', csrPem: await newCsr({ dns: ['db.example.org'] }) } as const
    const { certificate } = await authority.issue(request, { ...asHost, idempotencyKey })
    issued.push(certificate.id)
    return certificate
  }
  const useAll = async (): Promise<void> => {
    const alone = await issue()
    const company = await Promise.all([issue(), issue(), issue(), issue()])
    await issue(`alone ${keys++}`)
    await Promise.all([1, 2, 3, 4].map((number) => issue(`company ${number} ${keys++}`)))
    const csrPem = await newCsr({ dns: ['db.example.org'] })
    await authority.issueMany([{ caId, mode: 'csr', csrPem }], asHost)
    const renewed = await authority.renew({ certificateId: alone.id, csrPem }, asHost)
    await authority.revoke({ certificateId: renewed.certificate.id, reason: 'keyCompromise' }, asHost)
    for (const { id, serialNumber, notBefore } of company) {
      await authority.getCertificate(id, asHost)
      await authority.statusAt({ caId, serialNumber, at: notBefore }, asHost)
      await authority.answerOcsp(caId, ocspQuestion(ca, serialNumber))
    }
    for (const credential of [secret, token]) {
      await authority.issue({ caId, commonName: 'db.example.org' }, await callerOf(authority, credential))
    }
    await rateLimits.hit(`key ${keys++}`)
  }
  const listFew = async (): Promise<void> => {
    await authority.listCertificates({ caId, expiringInDays: 30 }, asHost)
    await authority.listCertificates({ caId, status: 'revoked' }, asHost)
    await storage.listExpiredCertificates({ expiredBefore: new Date(0), exceptProfile: 'none' }, 1000)
    await storage.transaction((tx) => tx.archiveCertificates(issued.splice(0, 3)))
  }
  return { schema, useAll, listFew }
}

/** Copies of one row. */
async function multiply(pool: pg.Pool, table: string, unique: readonly string[]): Promise<void> {
  const differing = unique.map((column) => `'${column}', 1000000 + g`).join(', ')
  await pool.query(`
    INSERT INTO ${table} SELECT (jsonb_populate_record(first.row, jsonb_build_object(${differing}))).*
    FROM (SELECT t AS row FROM ${table} AS t LIMIT 1) AS first, generate_series(1, ${many}) AS g`)
}

/** Some were open once: until the next vacuum they fill the index of those that are open, which is small all the same. */
async function closeSome(pool: pg.Pool, schema: string): Promise<void> {
  const some = `id IN (SELECT id FROM ${schema}.reservations LIMIT 200)`
  await pool.query(`UPDATE ${schema}.reservations SET state = 'open' WHERE ${some}`)
  await pool.query(`UPDATE ${schema}.reservations SET state = 'recorded'`)
}

/** Rows that something reads: by table in sequence, by index through it. */
async function readBy(
  pool: pg.Pool,
  schema: string,
  use: () => Promise<void>,
): Promise<ReadonlyMap<string, number>> {
  const before = await rowsRead(pool, schema)
  await use()
  const after = await rowsRead(pool, schema)
  return new Map([...after].map(([name, rows]) => [name, rows - (before.get(name) ?? 0)]))
}

/** So far. */
async function rowsRead(pool: pg.Pool, schema: string): Promise<ReadonlyMap<string, number>> {
  await pool.query('SELECT pg_stat_force_next_flush()')
  await pool.query('SELECT pg_stat_clear_snapshot()')
  const { rows } = await pool.query<{ name: string; rows: string }>(
    `SELECT relname AS name, seq_tup_read AS rows FROM pg_stat_user_tables WHERE schemaname = $1
     UNION ALL
     SELECT indexrelname, idx_tup_read FROM pg_stat_user_indexes WHERE schemaname = $1`,
    [schema],
  )
  return new Map(rows.map((row) => [row.name, Number(row.rows)]))
}
