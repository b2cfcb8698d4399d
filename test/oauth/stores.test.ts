import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Storage } from '@certwright/core'
import { fromPool, migrate, postgresStorage } from '@certwright/postgres'
import { sqliteStorage } from '@certwright/sqlite'
import pg from 'pg'
import { expect, it } from 'vitest'
import { missingPostgres, startPostgres } from '../storage/postgres-server.js'
import { createWorld, grantedTokens, postForm, refresh, whoami } from './setup.js'

/** A flow, eight refreshes at once with one winner, and the end of it. */
async function liveThrough(storage: Storage): Promise<void> {
  const world = await createWorld({ storage })
  const tokens = await grantedTokens(world, [`${world.cas.root}:read`])
  const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(world, tokens.refresh_token)))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  expect(new Set(answers.map(({ json }) => json.refresh_token)).size).toBe(1)
  const [winner] = answers
  expect((await whoami(world, winner?.json.access_token ?? '')).status).toBe(200)
  await postForm(world, '/oauth/revoke', { ...world.dashboard, token: winner?.json.access_token ?? '' })
  expect((await whoami(world, winner?.json.access_token ?? '')).status).toBe(401)
}

it('in SQLite: a flow, eight refreshes at once with one winner', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'certwright-'))
  const storage = sqliteStorage(join(folder, 'pki.db'))
  try {
    await liveThrough(storage)
    expect(await storage.listAuditEvents({}, 1)).toHaveLength(1)
  } finally {
    await storage.close()
    rmSync(folder, { recursive: true })
  }
})

const missing = missingPostgres()

it.skipIf(missing !== undefined)(
  `in Postgres: the same${missing === undefined ? '' : ` (${missing})`}`,
  async () => {
    const server = await startPostgres()
    const pool = new pg.Pool({ connectionString: server.url, max: 16 })
    pool.on('error', () => undefined)
    try {
      const database = fromPool(pool)
      await migrate(database)
      const storage = postgresStorage(database)
      await liveThrough(storage)
      expect(await storage.listAuditEvents({}, 1)).toHaveLength(1)
    } finally {
      await pool.end()
      await server.stop()
    }
  },
  120_000,
)
