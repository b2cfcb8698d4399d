import { createAuthority, operator } from '@certwright/core'
import { memoryCustody } from '@certwright/memory'
import { fromClient, fromPool, migrate, postgresStorage } from '@certwright/postgres'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveJson, start } from '../cli/running-command.js'
import { missingPgBouncer, type PgBouncer, startPgBouncer } from './pgbouncer.js'
import { missingPostgres, type PostgresServer, startPostgres } from './postgres-server.js'

/* Sixteen clients on four connections of the server, which PgBouncer hands round between transactions. */

const missing = missingPostgres() ?? missingPgBouncer()
const me = { principal: operator('tests') }
const schema = `bounced${process.pid}`

/** Debian's PgBouncer is 1.18: it does not know prepared statements. */
const unprepared = { prepare: false }

describe.skipIf(missing !== undefined)(
  `Postgres behind PgBouncer in transaction mode${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    let server: PostgresServer
    let bouncer: PgBouncer
    let pool: pg.Pool
    beforeAll(async () => {
      server = await startPostgres()
      bouncer = await startPgBouncer(server.url)
      pool = new pg.Pool({ connectionString: bouncer.url, max: 16 })
      pool.on('error', () => undefined)
      await migrate(fromPool(pool, unprepared), { schema })
    }, 120_000)
    afterAll(async () => {
      await pool.end()
      await bouncer.stop()
      await server.stop()
    })

    const newAuthority = () => {
      const storage = postgresStorage(fromPool(pool, unprepared), { schema })
      return { storage, authority: createAuthority({ storage, custody: memoryCustody() }) }
    }

    it('lets eight that migrate at once take turns: the advisory lock is one of the transaction', async () => {
      const eight = Array.from({ length: 8 }, () =>
        migrate(fromPool(pool, unprepared), { schema: `${schema}_turns` }),
      )
      const runs = await Promise.all(eight)
      expect(runs.filter(({ sql }) => sql.length > 0)).toHaveLength(1)
    })

    it('issues, revokes and publishes at once, and loses nothing', async () => {
      const { storage, authority } = newAuthority()
      const root = await authority.createRoot({ name: 'Root', keyAlgorithm: 'Ed25519' }, me)
      const request = { caId: root.id, commonName: 'db.example.org', keyAlgorithm: 'Ed25519' } as const
      const client = async (): Promise<readonly string[]> => {
        const serials: string[] = []
        for (let i = 0; i < 6; i++) {
          const { certificate } = await authority.issue(request, me)
          serials.push(certificate.serialNumber)
          await authority.revoke({ certificateId: certificate.id }, me)
          if (i % 3 === 0) await authority.publishCrl({ caId: root.id }, me)
        }
        return serials
      }
      const serials = (await Promise.all(Array.from({ length: 16 }, client))).flat()
      expect(new Set(serials).size).toBe(96)
      expect((await storage.crlState(root.id, 'complete')).revocationCount).toBe(96)
      expect(await storage.listOpenReservations(new Date('9999-01-01'), 10)).toEqual([])
    }, 60_000)

    it('joins the transaction of the host', async () => {
      const { storage, authority } = newAuthority()
      const root = await authority.createRoot({ name: 'Joined', keyAlgorithm: 'Ed25519' }, me)
      const request = { caId: root.id, commonName: 'db.example.org', keyAlgorithm: 'Ed25519' } as const
      const client = await pool.connect()
      try {
        await client.query('BEGIN')
        const tx = fromClient(client, unprepared)
        const { certificate } = await authority.issue(request, { ...me, tx })
        await client.query('ROLLBACK')
        expect(await storage.findCertificate(certificate.id)).toBeUndefined()
      } finally {
        client.release()
      }
    })

    // The command has one schema for all, and DATABASE_URL is for all tests.
    it.skipIf(process.env['DATABASE_URL'] !== undefined)(
      'serves with ?pgbouncer=true in the URL',
      async () => {
        const database = ['--database', `${bouncer.url}?pgbouncer=true`]
        expect(await start(['migrate', ...database]).ended).toMatchObject({ code: 0 })
        const { ready } = await serveJson(database)
        const issue = async (): Promise<number> => {
          const { status } = await fetch(`${ready['url']}/v1/certificates`, {
            method: 'POST',
            headers: { authorization: `Bearer ${ready['apiKey']}`, 'content-type': 'application/json' },
            body: JSON.stringify({ caId: ready['issuingCaId'], commonName: 'db.example.org' }),
          })
          return status
        }
        const statuses = await Promise.all(Array.from({ length: 48 }, issue))
        expect(new Set(statuses)).toEqual(new Set([200]))
      },
      60_000,
    )
  },
)
