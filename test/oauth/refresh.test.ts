import { secretHashOf } from '@certwright/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createWorld, grantedTokens, postForm, refresh, stopClock, whoami, type World } from './setup.js'

beforeEach(stopClock)
afterEach(() => void vi.useRealTimers())

const pass = (seconds: number): void => void vi.setSystemTime(Date.now() + seconds * 1000)

async function begin() {
  const world = await createWorld()
  return { world, tokens: await grantedTokens(world, [`${world.cas.root}:read`]) }
}

const isLive = async (world: World, accessToken: string) => (await whoami(world, accessToken)).status === 200

describe('a refresh token', () => {
  it('rotates: its successor works, and so on', async () => {
    const { world, tokens } = await begin()
    let { refresh_token } = tokens
    const seen = new Set([refresh_token])
    for (let round = 0; round < 3; round++) {
      const { status, json } = await refresh(world, refresh_token)
      expect([status, await isLive(world, json.access_token)]).toEqual([200, true])
      refresh_token = json.refresh_token
      seen.add(refresh_token)
    }
    expect(seen.size).toBe(4)
  })

  it('that comes again after the leeway was stolen: the whole grant is revoked (RFC 9700 §4.14.2)', async () => {
    const { world, tokens } = await begin()
    const { json } = await refresh(world, tokens.refresh_token)
    pass(11)
    const reused = await refresh(world, tokens.refresh_token)
    expect([reused.status, reused.json.error]).toEqual([400, 'invalid_grant'])
    expect(await isLive(world, json.access_token)).toBe(false)
    expect((await refresh(world, json.refresh_token)).json.error).toBe('invalid_grant')
    const { items } = await world.storage.listOAuthGrants(
      { userId: world.users.ada },
      { page: 1, pageSize: 10 },
    )
    expect(items.map(({ revokedAt }) => revokedAt)).toEqual([new Date(Date.now())])
  })

  it('that comes again once its successor was used was stolen, however soon that is', async () => {
    const { world, tokens } = await begin()
    const next = await refresh(world, tokens.refresh_token)
    const last = await refresh(world, next.json.refresh_token)
    expect(last.status).toBe(200)
    expect((await refresh(world, tokens.refresh_token)).json.error).toBe('invalid_grant')
    expect(await isLive(world, last.json.access_token)).toBe(false)
  })

  it('of another client is refused, and stays good', async () => {
    const { world, tokens } = await begin()
    const fields = { client_name: 'Other', redirect_uris: ['https://other.example/'] }
    const registered = await world.send('https://pki.example.org/oauth/register', {
      method: 'POST',
      body: JSON.stringify(fields),
    })
    const { client_id } = (await registered.json()) as { client_id: string }
    const foreign = await postForm(world, '/oauth/token', {
      client_id,
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token,
    })
    expect([foreign.status, foreign.json.error]).toEqual([400, 'invalid_grant'])
    expect((await refresh(world, tokens.refresh_token)).status).toBe(200)
  })
})

describe('a client that retries', () => {
  it('within the leeway gets the same tokens again: its first answer was lost on the way', async () => {
    const { world, tokens } = await begin()
    const lost = await refresh(world, tokens.refresh_token)
    pass(9)
    const again = await refresh(world, tokens.refresh_token)
    expect(again.status).toBe(200)
    expect(again.json.access_token).toBe(lost.json.access_token)
    expect(again.json.refresh_token).toBe(lost.json.refresh_token)
    expect(await isLive(world, again.json.access_token)).toBe(true)
    expect((await refresh(world, again.json.refresh_token)).status).toBe(200)
  })

  it('of 8 refreshes at once there is one winner, whose tokens all of them get, and the grant survives', async () => {
    for (let round = 0; round < 5; round++) {
      const { world, tokens } = await begin()
      const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(world, tokens.refresh_token)))
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
      expect(new Set(answers.map(({ json }) => json.refresh_token)).size).toBe(1)
      expect(new Set(answers.map(({ json }) => json.access_token)).size).toBe(1)
      const [winner] = answers
      expect(await isLive(world, winner?.json.access_token ?? '')).toBe(true)
      expect((await refresh(world, winner?.json.refresh_token ?? '')).status).toBe(200)
    }
  })

  it('finds nothing to derive tokens from once the leeway is over and the garbage collected', async () => {
    const { world, tokens } = await begin()
    await refresh(world, tokens.refresh_token)
    const idHash = secretHashOf(tokens.refresh_token)
    expect(await world.storage.findOAuthArtifact('Rotation', idHash)).toBeDefined()
    pass(11)
    await world.storage.transaction((tx) => tx.deleteExpiredOAuthArtifacts(new Date(Date.now()), 100))
    expect(await world.storage.findOAuthArtifact('Rotation', idHash)).toBeUndefined()
    expect(await world.storage.findOAuthArtifact('RefreshToken', idHash)).toBeDefined()
  })
})

it('tokens, codes, secrets and pending requests are in the store as hashes alone', async () => {
  const kept: unknown[] = []
  const world = await createWorld({ watch: (record) => void kept.push(record) })
  const tokens = await grantedTokens(world, [`${world.cas.root}:read`])
  const fresh = await refresh(world, tokens.refresh_token)
  const written = JSON.stringify(kept)
  expect(written).toContain(secretHashOf(tokens.access_token))
  const secrets = [
    tokens.access_token,
    tokens.refresh_token,
    tokens.exchange.code,
    tokens.uid,
    world.dashboard.client_secret,
    fresh.json.access_token,
    fresh.json.refresh_token,
  ]
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(20)
    expect(written).not.toContain(secret)
  }
})
