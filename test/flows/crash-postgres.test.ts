import pg from 'pg'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { missingPostgres, type PostgresServer, startPostgres } from '../storage/postgres-server.js'
import { postgresStores } from '../storage/postgres-stores.js'
import { expectNothingHalfDone } from './crash-runs.js'
import { scenariosOfSubscribers } from './crash-scenarios.js'

const missing = missingPostgres()

describe.skipIf(missing !== undefined)(`in Postgres${missing === undefined ? '' : ` (${missing})`}`, () => {
  let server: PostgresServer
  let pool: pg.Pool
  beforeAll(async () => {
    server = await startPostgres()
    pool = new pg.Pool({ connectionString: server.url, max: 4 })
    pool.on('error', () => undefined)
  }, 120_000)
  afterAll(async () => {
    await pool.end()
    await server.stop()
  })

  const stores = postgresStores(() => ({ pool, url: server.url }))
  it.each(
    scenariosOfSubscribers.flatMap((s) =>
      (['one call', 'everything from there on'] as const).map((failure) => ({ ...s, failure })),
    ),
  )(
    '$name leaves nothing half-done where $failure fails',
    ({ failure, ...s }) => expectNothingHalfDone(s, failure, stores.open),
    120_000,
  )
})
