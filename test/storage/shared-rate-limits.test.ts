import { createAuthority } from '@certwright/core'
import { createHandler } from '@certwright/http'
import { memoryCustody, memoryStorage } from '@certwright/memory'
import { fromPool, migrate, postgresRateLimitStore } from '@certwright/postgres'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nextSchema } from './postgres-stores.js'
import { missingPostgres, type PostgresServer, startPostgres } from './postgres-server.js'

const missing = missingPostgres()

describe.skipIf(missing !== undefined)(
  `rate limits over one Postgres${missing ? ` (${missing})` : ''}`,
  () => {
    let server: PostgresServer
    const pools: pg.Pool[] = []
    const schema = nextSchema()
    beforeAll(async () => {
      server = await startPostgres()
      for (let i = 0; i < 2; i++) pools.push(new pg.Pool({ connectionString: server.url, max: 8 }))
      await migrate(fromPool(pools[0] as pg.Pool), { schema })
    }, 120_000)
    afterAll(async () => {
      for (const pool of pools) await pool.end()
      await server.stop()
    })

    const stores = () => pools.map((pool) => postgresRateLimitStore(fromPool(pool), { schema }))

    it('count every one of 60 requests that come at once to two processes', async () => {
      const hits = await Promise.all(
        stores().flatMap((store) => Array.from({ length: 30 }, () => store.hit('general:k1'))),
      )
      const counts = hits.map(({ count }) => count).sort((a, b) => a - b)
      expect(counts).toEqual(Array.from({ length: 60 }, (_, i) => i + 1))
      for (const { resetMilliseconds } of hits) expect(resetMilliseconds).toBeLessThanOrEqual(60_000)
    })

    it('begin a new window when one is over, and keep none that ended', async () => {
      const [store] = stores()
      const [pool] = pools
      for (let i = 0; i < 8; i++) await store?.hit(`issue:${i}`)
      await pool?.query(`UPDATE ${schema}.rate_windows SET ends_at = 0`)
      for (const key of ['issue:0', 'new:1', 'new:2', 'new:3']) expect((await store?.hit(key))?.count).toBe(1)
      const left = await pool?.query<{ key: string }>(`SELECT key FROM ${schema}.rate_windows ORDER BY key`)
      expect(left?.rows.map(({ key }) => key)).toEqual(['issue:0', 'new:1', 'new:2', 'new:3'])
    })

    it('let two handlers refuse credentials together: the limit is one, not one for each', async () => {
      const [one, two] = stores().map((store) =>
        createHandler(createAuthority({ storage: memoryStorage(), custody: memoryCustody() }), {
          rateLimits: { refusedPerMinute: 4, store },
        }),
      )
      const statuses: number[] = []
      for (const handler of [one, two, one, two, one, two]) {
        const request = new Request('http://pki.test/v1/whoami', {
          headers: { authorization: 'Bearer cm_x' },
        })
        const response = await handler?.(request, { remoteAddress: '192.0.2.7' })
        statuses.push(response?.status ?? 0)
      }
      expect(statuses).toEqual([401, 401, 401, 401, 429, 429])
    })
  },
)
