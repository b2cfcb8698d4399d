import { readFileSync } from 'node:fs'
import { createAuthority, operator } from '@certwright/core'
import { memoryCustody } from '@certwright/memory'
import { migrate, postgresStorage, type TransactingExecutor } from '@certwright/postgres'
import { type StorageFactory, storageLaws } from '@certwright/testing'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fromKysely, fromPostgresJs } from './other-drivers.js'
import { nextSchema } from './postgres-stores.js'
import { missingPostgres, type PostgresServer, startPostgres } from './postgres-server.js'

/* The adapter over drivers that give and take values in their own ways. Drizzle: examples/08-drizzle. */

const missing = missingPostgres()
const me = { principal: operator('tests') }

/** What depends on a driver: values, counts of rows, errors, and the ends of a transaction. The rest is SQL. */
const groups = ['a transaction', 'records come back as they went in:', 'an error', 'an idempotency key']
const laws = storageLaws.filter(
  (law) => groups.includes(law.group) && law.needs.every((need) => need === 'driver'),
)

interface Driver {
  readonly executor: TransactingExecutor
  readonly end: () => Promise<unknown>
}

const drivers: readonly (readonly [name: string, open: (url: string) => Driver])[] = [
  [
    'postgres (postgres.js)',
    (url) => {
      const sql = postgres(url, { max: 16, onnotice: () => undefined })
      return { executor: fromPostgresJs(sql), end: () => sql.end() }
    },
  ],
  [
    'Kysely',
    (url) => {
      const pool = new pg.Pool({ connectionString: url, max: 16 })
      const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
      return { executor: fromKysely(db), end: () => db.destroy() }
    },
  ],
]

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')

it('the README of the package shows these executors as they are tested here', () => {
  const shown = [...read('../../packages/postgres/README.md').matchAll(/```ts\n(.*?)```/gs)]
  expect(shown).toHaveLength(2)
  for (const [, code = ''] of shown) expect(read('other-drivers.ts')).toContain(code.trim())
})

describe.skipIf(missing !== undefined)(`Postgres over${missing === undefined ? '' : ` (${missing})`}`, () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  }, 120_000)
  afterAll(() => server.stop())

  describe.each(drivers)('%s', (_, open) => {
    let driver: Driver
    beforeAll(() => {
      driver = open(server.url)
    })
    afterAll(() => driver.end())

    const newSchema = async (): Promise<string> => {
      const schema = nextSchema()
      await migrate(driver.executor, { schema })
      return schema
    }

    const stores: StorageFactory = {
      async open() {
        const schema = await newSchema()
        return {
          storage: postgresStorage(driver.executor, { schema }),
          close: () => driver.executor.query(`DROP SCHEMA ${schema} CASCADE`, []).then(() => undefined),
        }
      },
    }
    it.each(laws)(
      '$group $name',
      async (law) => {
        await expect(law.run(stores)).resolves.toBeUndefined()
      },
      60_000,
    )

    it('issues one, many, and in the transaction of the host', async () => {
      const schema = await newSchema()
      const storage = postgresStorage(driver.executor, { schema })
      const authority = createAuthority({ storage, custody: memoryCustody() })
      const root = await authority.createRoot({ name: 'Root', keyAlgorithm: 'Ed25519' }, me)
      const request = { caId: root.id, commonName: 'db.example.org', keyAlgorithm: 'Ed25519' } as const
      await authority.issue(request, me)
      await authority.issueMany([request, request], me)
      const failure = new Error('the host has changed its mind')
      for (const end of ['commit', 'roll back'] as const) {
        const run = driver.executor.transaction(async (tx) => {
          await authority.issue(request, { ...me, tx })
          if (end === 'roll back') throw failure
        })
        if (end === 'commit') await run
        else await expect(run).rejects.toBe(failure)
      }
      expect((await authority.listCertificates({}, me)).total).toBe(4)
    })
  })
})
