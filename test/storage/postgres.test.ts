import { createAuthority, operator } from '@certwright/core'
import { memoryCustody } from '@certwright/memory'
import { fromClient, fromPool, migrate, postgresKeyStore, postgresStorage } from '@certwright/postgres'
import { checkAuthorityHistories, checkAuthorityRaces, describeStorage } from '@certwright/testing'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nextSchema, postgresStores } from './postgres-stores.js'
import { missingPostgres, type PostgresServer, startPostgres } from './postgres-server.js'

const missing = missingPostgres()
const now = new Date('2026-03-01T12:00:00Z')
const me = { principal: operator('tests') }

/** How many statements of ours the connection keeps when it has issued. */
async function preparedByIssuing(connectionString: string, prepare: boolean): Promise<number> {
  const schema = nextSchema()
  const one = new pg.Pool({ connectionString, max: 1 })
  try {
    await migrate(fromPool(one), { schema })
    const storage = postgresStorage(fromPool(one, { prepare }), { schema })
    const authority = createAuthority({ storage, custody: memoryCustody() })
    const root = await authority.createRoot({ name: 'Root', keyAlgorithm: 'Ed25519' }, me)
    await authority.issue({ caId: root.id, commonName: 'db.example.org', keyAlgorithm: 'Ed25519' }, me)
    const { rows } = await one.query(`SELECT 1 FROM pg_prepared_statements WHERE name LIKE 'certwright_%'`)
    return rows.length
  } finally {
    await one.end()
  }
}

describe.skipIf(missing !== undefined)(`Postgres${missing === undefined ? '' : ` (${missing})`}`, () => {
  let server: PostgresServer
  let pool: pg.Pool
  beforeAll(async () => {
    server = await startPostgres()
    pool = new pg.Pool({ connectionString: server.url, max: 16 })
    // A server that restarts says so on connections that nobody uses.
    pool.on('error', () => undefined)
  }, 120_000)
  afterAll(async () => {
    await pool.end()
    await server.stop()
  })

  const stores = postgresStores(() => ({ pool, url: server.url }))
  describeStorage('the adapter', stores, { runner: { describe, it } })

  it('a history of an authority is told by its model, step by step', async () => {
    await expect(checkAuthorityHistories(stores, { numRuns: 6 })).resolves.toBeUndefined()
  }, 120_000)

  it('whoever of two processes comes first, nothing is given twice and nothing is lost', async () => {
    await expect(checkAuthorityRaces(stores, { numRuns: 15 })).resolves.toBeUndefined()
  }, 120_000)

  describe('migrations', () => {
    it('are run once, by whichever of eight comes first', async () => {
      const schema = nextSchema()
      const runs = await Promise.all(Array.from({ length: 8 }, () => migrate(fromPool(pool), { schema })))
      expect(runs.filter(({ sql }) => sql.length > 0)).toHaveLength(1)
      expect(new Set(runs.map(({ to }) => to)).size).toBe(1)
    })

    it('only tell their SQL in a dry run, and that SQL is all there is to it', async () => {
      const schema = nextSchema()
      const { sql } = await migrate(fromPool(pool), { schema, dryRun: true })
      const storage = postgresStorage(fromPool(pool), { schema })
      await expect(storage.findUser('u1')).rejects.toMatchObject({
        code: 'storage_unavailable',
        message: expect.stringContaining('run migrate()'),
      })
      for (const statement of sql) await pool.query(statement)
      expect(await storage.findUser('u1')).toBeUndefined()
      expect((await migrate(fromPool(pool), { schema })).sql).toEqual([])
    })

    it('refuse the schema of a newer version, and leave it alone', async () => {
      const schema = nextSchema()
      await migrate(fromPool(pool), { schema })
      await pool.query(`UPDATE ${schema}.schema_version SET version = 99`)
      const newer = { code: 'storage_unavailable', message: expect.stringContaining('version 99') }
      await expect(migrate(fromPool(pool), { schema })).rejects.toMatchObject(newer)
      await expect(postgresStorage(fromPool(pool), { schema }).findUser('u1')).rejects.toMatchObject(newer)
    })

    it('go on where an older version has left the schema, which is of no use until then', async () => {
      const schema = nextSchema()
      const { sql } = await migrate(fromPool(pool), { schema, dryRun: true })
      // To version 1: what prepares, and the first step.
      for (const statement of sql.slice(0, 4)) await pool.query(statement)
      await pool.query(`UPDATE ${schema}.schema_version SET version = 1`)
      await expect(postgresStorage(fromPool(pool), { schema }).findUser('u1')).rejects.toMatchObject({
        code: 'storage_unavailable',
        message: expect.stringMatching(/its schema is version 1; run migrate\(\)/),
      })
      const { from, sql: rest } = await migrate(fromPool(pool), { schema })
      expect([from, rest.length]).toEqual([1, sql.length - 4])
      expect(await postgresStorage(fromPool(pool), { schema }).findUser('u1')).toBeUndefined()
    })

    it.each([
      ['has no version', (schema: string) => `DROP TABLE ${schema}.schema_version`],
      ['has forgotten its version', (schema: string) => `DELETE FROM ${schema}.schema_version`],
    ])('leave alone a schema that was made in part: it %s', async (_, damage) => {
      const schema = nextSchema()
      await migrate(fromPool(pool), { schema })
      await pool.query(damage(schema))
      await expect(migrate(fromPool(pool), { schema })).rejects.toMatchObject({
        code: 'storage_unavailable',
        context: { retryable: false },
        message: expect.stringContaining('name another schema, or restore this one'),
      })
    })

    it.each(['', 'A', 'x"; DROP SCHEMA public; --', '1a'])('take no schema named %j', async (schema) => {
      await expect(migrate(fromPool(pool), { schema })).rejects.toThrow(RangeError)
    })
  })

  describe('the transaction of the host', () => {
    it('commits its row and our certificate together, or neither', async () => {
      const schema = nextSchema()
      await migrate(fromPool(pool), { schema })
      await pool.query(`CREATE TABLE ${schema}.orders (id TEXT PRIMARY KEY, certificate_id TEXT NOT NULL)`)
      const storage = postgresStorage(fromPool(pool), { schema })
      const authority = createAuthority({ storage, custody: memoryCustody() })
      const root = await authority.createRoot({ name: 'Root', keyAlgorithm: 'Ed25519' }, me)
      const request = { caId: root.id, commonName: 'db.example.org', keyAlgorithm: 'Ed25519' } as const

      for (const end of ['COMMIT', 'ROLLBACK'] as const) {
        const client = await pool.connect()
        try {
          await client.query('BEGIN')
          const { certificate } = await authority.issue(request, { ...me, tx: fromClient(client) })
          await client.query(`INSERT INTO ${schema}.orders VALUES ($1, $2)`, [end, certificate.id])
          await client.query(end)
          const { rows } = await pool.query(`SELECT 1 FROM ${schema}.orders WHERE id = $1`, [end])
          expect(rows).toHaveLength(end === 'COMMIT' ? 1 : 0)
          const found = await storage.findCertificate(certificate.id)
          expect(found === undefined).toBe(end === 'ROLLBACK')
          const status = await storage.findSerial(root.id, certificate.serialNumber)
          expect(status?.state).toBe(end === 'COMMIT' ? 'recorded' : 'open')
        } finally {
          client.release()
        }
      }
    })
  })

  describe('prepared statements', () => {
    it('are kept on the connection, unless the host says that its pooler does not know them', async () => {
      expect(await preparedByIssuing(server.url, true)).toBeGreaterThan(3)
      expect(await preparedByIssuing(server.url, false)).toBe(0)
    })

    it('outlive a migration that adds a column to every table', async () => {
      const schema = nextSchema()
      const one = new pg.Pool({ connectionString: server.url, max: 1 })
      try {
        await migrate(fromPool(one), { schema })
        const storage = postgresStorage(fromPool(one), { schema })
        const authority = createAuthority({ storage, custody: memoryCustody() })
        const root = await authority.createRoot({ name: 'Root', keyAlgorithm: 'Ed25519' }, me)
        const request = { caId: root.id, commonName: 'db.example.org', keyAlgorithm: 'Ed25519' } as const
        await authority.issue(request, me)
        const tables = await one.query(`SELECT tablename FROM pg_tables WHERE schemaname = $1`, [schema])
        for (const { tablename } of tables.rows) {
          await one.query(`ALTER TABLE ${schema}.${tablename} ADD COLUMN added TEXT`)
        }
        const { certificate } = await authority.issue(request, me)
        await authority.revoke({ certificateId: certificate.id }, me)
        expect(await storage.findCertificate(certificate.id)).toMatchObject({ revokedAt: expect.any(Date) })
      } finally {
        await one.end()
      }
    })
  })

  describe('sixteen connections', () => {
    it('issue and revoke at once: no number twice, no certificate lost, all lists agree', async () => {
      const { storage } = await stores.open()
      const authority = createAuthority({ storage, custody: memoryCustody() })
      const root = await authority.createRoot({ name: 'Root', keyAlgorithm: 'Ed25519' }, me)
      const request = { caId: root.id, commonName: 'db.example.org', keyAlgorithm: 'Ed25519' } as const
      const work = Array.from({ length: 16 }, async () => {
        const serials: string[] = []
        for (let i = 0; i < 6; i++) {
          const { certificate } = await authority.issue(request, me)
          serials.push(certificate.serialNumber)
          if (i % 2 === 0) await authority.revoke({ certificateId: certificate.id }, me)
          if (i % 3 === 0) await authority.publishCrl({ caId: root.id }, me)
        }
        return serials
      })
      const serials = (await Promise.all(work)).flat()
      expect(new Set(serials).size).toBe(96)
      const { total } = await storage.listCertificates({ now, caIds: [root.id] }, { page: 1, pageSize: 1 })
      expect(total).toBe(96)
      const { revocationCount } = await storage.crlState(root.id, 'complete')
      expect(revocationCount).toBe(48)
      const { rows } = await pool.query('SELECT 1')
      expect(rows).toHaveLength(1)
    }, 60_000)
  })

  describe('a server that goes away', () => {
    it('fails what is under way with a word that it can be tried again, and goes on when it is back', async () => {
      const { storage } = await stores.open()
      await storage.transaction((tx) => tx.insertUser({ id: 'u1', email: 'ada@example.org', createdAt: now }))
      const held = storage.transaction(async (tx) => {
        await tx.insertUser({ id: 'u2', email: 'bob@example.org', createdAt: now })
        await tx.findUser('u1')
        await server.restart()
        await tx.findUser('u2')
      })
      await expect(held).rejects.toMatchObject({ code: 'storage_unavailable', context: { retryable: true } })
      // Connections that were idle in the pool fail once each, with the same word.
      const found = async (userId: string): Promise<boolean> => {
        for (let i = 0; i < 20; i++) {
          try {
            return (await storage.findUser(userId)) !== undefined
          } catch (error) {
            expect(error).toMatchObject({ code: 'storage_unavailable', context: { retryable: true } })
          }
        }
        throw new Error('the server is not back')
      }
      expect(await found('u1')).toBe(true)
      expect(await found('u2')).toBe(false)
    }, 60_000)
  })

  describe('keys', () => {
    it('are kept sealed, rewrapped by compare-and-set', async () => {
      const schema = nextSchema()
      await migrate(fromPool(pool), { schema })
      const keys = postgresKeyStore(fromPool(pool), { schema })
      const key = {
        keyId: 'k1',
        keyAlgorithm: 'ECDSA-P256',
        spkiDer: Uint8Array.of(0, 255),
        sealed: Uint8Array.of(0),
        wrappedDataKey: Uint8Array.of(2, 0),
        kekId: 'kek1',
        createdAt: now,
      } as const
      await keys.insertKey(key)
      await expect(keys.insertKey(key)).rejects.toMatchObject({ context: { constraint: 'key_id' } })
      const change = { from: Uint8Array.of(2, 0), wrappedDataKey: Uint8Array.of(3), kekId: 'kek2' }
      expect([await keys.rewrapKey('k1', change), await keys.rewrapKey('k1', change)]).toEqual([true, false])
      expect(await keys.findKey('k1')).toEqual({ ...key, wrappedDataKey: Uint8Array.of(3), kekId: 'kek2' })
    })
  })

  it('a database that is read-only is named, and gives what it has', async () => {
    const schema = nextSchema()
    await migrate(fromPool(pool), { schema })
    const readOnly = new pg.Pool({
      connectionString: server.url,
      options: '-c default_transaction_read_only=on',
    })
    const storage = postgresStorage(fromPool(readOnly), { schema })
    const inserted = storage.transaction((tx) =>
      tx.insertUser({ id: 'u1', email: 'ada@example.org', createdAt: now }),
    )
    await expect(inserted).rejects.toMatchObject({
      code: 'storage_unavailable',
      message: 'Cannot use database: it takes no writes; give the URL of the primary',
    })
    expect(await storage.findUser('u1')).toBeUndefined()
    await readOnly.end()
  })

  it('a wrong address, database or password is told without the password', async () => {
    const url = new URL(server.url)
    url.password = 'hunter2'
    const wrong = (change: (to: URL) => void): Promise<unknown> => {
      const to = new URL(url)
      change(to)
      const lost = new pg.Pool({ connectionString: to.href, connectionTimeoutMillis: 5000 })
      return postgresStorage(fromPool(lost))
        .findUser('u1')
        .catch((error: unknown) => error)
        .finally(() => void lost.end())
    }
    const noDatabase = await wrong((to) => (to.pathname = '/nothing'))
    const nobody = await wrong((to) => (to.port = '1'))
    expect(noDatabase).toMatchObject({
      code: 'storage_unavailable',
      message: expect.stringContaining('create it'),
    })
    expect(nobody).toMatchObject({
      code: 'storage_unavailable',
      message: expect.stringContaining('check host'),
    })
    expect(JSON.stringify([String(noDatabase), String(nobody)])).not.toContain('hunter2')
  })
})
