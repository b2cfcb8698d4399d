import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqliteStorage } from '@certwright/sqlite'
import { expect, it } from 'vitest'
import { createWorld, grantedTokens, postForm, refresh, whoami } from './setup.js'

it('in SQLite: a flow, eight refreshes at once with one winner', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'certwright-'))
  const storage = sqliteStorage(join(folder, 'pki.db'))
  try {
    const world = await createWorld({ storage })
    const tokens = await grantedTokens(world, [`${world.cas.root}:read`])
    const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(world, tokens.refresh_token)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(new Set(answers.map(({ json }) => json.refresh_token)).size).toBe(1)
    const [winner] = answers
    expect((await whoami(world, winner?.json.access_token ?? '')).status).toBe(200)
    await postForm(world, '/oauth/revoke', { ...world.dashboard, token: winner?.json.access_token ?? '' })
    expect((await whoami(world, winner?.json.access_token ?? '')).status).toBe(401)
  } finally {
    await storage.close()
    rmSync(folder, { recursive: true })
  }
})
