import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  answerPage,
  beginFlow,
  createWorld,
  grantedTokens,
  issuer,
  postForm,
  redirectUri,
  refresh,
  stopClock,
  whoami,
  type World,
} from './setup.js'

beforeEach(stopClock)
afterEach(() => void vi.useRealTimers())

const register = async (world: World, body: unknown, headers: Record<string, string> = {}) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await world.send(`${issuer}/oauth/register`, { method: 'POST', headers, body: text })
  return { status: response.status, json: (await response.json()) as Record<string, string> }
}

describe('an authorization request', () => {
  it.each([
    ['to an address that the client has not registered', { redirect_uri: 'https://evil.example/callback' }],
    ['to the registered address with more behind it', { redirect_uri: `${redirectUri}/../evil` }],
    ['to the registered host under another scheme', { redirect_uri: 'http://client.example/callback' }],
    ['to a script', { redirect_uri: 'javascript:alert(1)//client.example' }],
    ['to no address', { redirect_uri: undefined }],
    ['of an unknown client', { client_id: 'nobody' }],
    ['without a client', { client_id: undefined }],
    ['that wants its answer as a form with a script', { response_mode: 'form_post' }],
  ])('%s is told to the user, and sends the browser nowhere', async (_case, change) => {
    const { page } = await beginFlow(await createWorld(), change)
    expect([page.response.status, page.location]).toEqual([400, undefined])
    expect(page.response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(page.response.headers.get('certwright-error')).toMatch(/^[a-z_]+$/)
    expect(page.html).toContain('Nothing was granted')
    expect(page.html).not.toMatch(/<script|at .*\.js:\d/)
  })

  it.each([
    ['without PKCE', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    ['with the plain method', { code_challenge_method: 'plain' }, 'invalid_request'],
    [
      'with a challenge and no method, which means plain',
      { code_challenge_method: undefined },
      'invalid_request',
    ],
    ['for another resource', { resource: 'https://other.example' }, 'invalid_target'],
    ['that forbids to ask the user', { prompt: 'none' }, 'consent_required'],
  ])('%s goes back to the client with the reason, its state and the issuer', async (_case, change, error) => {
    const { page } = await beginFlow(await createWorld(), change)
    const { origin, pathname, searchParams } = page.location as URL
    expect(origin + pathname).toBe(redirectUri)
    expect(searchParams.get('error')).toBe(error)
    expect(searchParams.get('state')).toBe('a state')
    // RFC 9207: a client that talks to several servers knows which one this is from.
    expect(searchParams.get('iss')).toBe(issuer)
    expect(searchParams.get('code')).toBeNull()
  })

  it('for a token instead of a code is refused where such a client looks for it', async () => {
    const { page } = await beginFlow(await createWorld(), { response_type: 'token' })
    expect(page.location?.hash).toMatch(/^#error=unsupported_response_type&/)
  })

  it('with parameters of OpenID Connect, or scopes of its own, is that of any other client', async () => {
    const change = { scope: 'openid offline_access', nonce: 'n', max_age: '0', claims: '{', request: 'x.y.z' }
    const { page } = await beginFlow(await createWorld(), change)
    expect(page.response.status).toBe(200)
    expect(page.html).toContain('Dashboard')
  })

  it('with a foreign Host, or headers that proxies set, gets our own URLs', async () => {
    const world = await createWorld()
    const { url } = await beginFlow(world)
    const headers = {
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'http',
      forwarded: 'host=evil.example',
    }
    const response = await world.send(url.replace(issuer, 'http://evil.example'), { headers })
    expect(response.headers.get('location')).toMatch(/^https:\/\/pki\.example\.org\/oauth\/consent\//)
    const metadata = await world.send('http://evil.example/.well-known/oauth-authorization-server', {
      headers,
    })
    expect(await metadata.text()).not.toContain('evil')
  })
})

const exchange = async (world: World, change: Record<string, string> = {}) => {
  const flow = await beginFlow(world)
  const { location } = await answerPage(flow, [`${world.cas.root}:read`], {
    workspace: world.workspaces.mine,
  })
  const fields = {
    ...world.dashboard,
    grant_type: 'authorization_code',
    code: location?.searchParams.get('code') ?? '',
    redirect_uri: redirectUri,
    code_verifier: flow.verifier,
    ...change,
  }
  // An empty value stands for a parameter that is not sent.
  const sent = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''))
  return { sent, answer: await postForm(world, '/oauth/token', sent) }
}

describe('a code', () => {
  it.each([
    ['with another verifier', { code_verifier: 'x'.repeat(43) }, 'invalid_grant'],
    ['without a verifier', { code_verifier: '' }, 'invalid_grant'],
    ['with another redirect URI', { redirect_uri: 'https://client.example/other' }, 'invalid_grant'],
    ['without a redirect URI', { redirect_uri: '' }, 'invalid_request'],
    ['for another resource', { resource: 'https://other.example' }, 'invalid_target'],
    ['that is none', { code: 'cm_code_none' }, 'invalid_grant'],
    ['without a grant type', { grant_type: '' }, 'invalid_request'],
    ['with a grant that we do not have', { grant_type: 'password' }, 'unsupported_grant_type'],
  ])('%s is refused in the form of RFC 6749 §5.2', async (_case, change, error) => {
    const { answer } = await exchange(await createWorld(), change)
    expect([answer.status, answer.json.error]).toEqual([400, error])
    expect(answer.headers.get('certwright-error')).toBe(error)
    expect(answer.headers.get('cache-control')).toBe('no-store')
  })

  it('that is replayed is refused, and what it gave is revoked (RFC 6749 §4.1.2)', async () => {
    const world = await createWorld()
    const tokens = await grantedTokens(world, [`${world.cas.root}:read`])
    expect((await postForm(world, '/oauth/token', tokens.exchange)).json.error).toBe('invalid_grant')
    expect((await whoami(world, tokens.access_token)).status).toBe(401)
  })

  it('that 8 requests exchange at once gives tokens to one of them', async () => {
    const world = await createWorld()
    const { sent } = await exchange(world, { code_verifier: 'x'.repeat(43) })
    const flow = await beginFlow(world)
    const { location } = await answerPage(flow, [`${world.cas.root}:read`], {
      workspace: world.workspaces.mine,
    })
    const fields = { ...sent, code: location?.searchParams.get('code') ?? '', code_verifier: flow.verifier }
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => postForm(world, '/oauth/token', fields)),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  it('is over after a minute', async () => {
    const world = await createWorld()
    const { sent } = await exchange(world, { grant_type: 'password' })
    vi.setSystemTime(Date.now() + 60_000)
    const late = await postForm(world, '/oauth/token', { ...sent, grant_type: 'authorization_code' })
    expect(late.json.error).toBe('invalid_grant')
  })

  it('of one client is of no use to another (mix-up)', async () => {
    const world = await createWorld()
    const { json } = await register(world, { client_name: 'Other', redirect_uris: [redirectUri] })
    const { answer } = await exchange(world, { client_id: json['client_id'] ?? '', client_secret: '' })
    expect([answer.status, answer.json.error]).toEqual([400, 'invalid_grant'])
  })
})

const ask = (world: World, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  world.send(`${issuer}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'x', ...fields }).toString(),
  })

describe('a client', () => {
  it.each([
    ['without its secret', (world: World) => ask(world, { client_id: world.dashboard.client_id })],
    ['with another secret', (world: World) => ask(world, { ...world.dashboard, client_secret: 'wrong' })],
    [
      'with the hash of its secret, as it is kept',
      async (world: World) => {
        const kept = await world.storage.findOAuthClient(world.dashboard.client_id)
        return ask(world, { ...world.dashboard, client_secret: kept?.secretHash ?? '' })
      },
    ],
    [
      'that shows its secret in a header',
      (world: World) => {
        const { client_id, client_secret } = world.dashboard
        return ask(world, { client_id }, { authorization: `Basic ${btoa(`${client_id}:${client_secret}`)}` })
      },
    ],
    ['that nobody knows', (world: World) => ask(world, { client_id: 'nobody' })],
  ])('%s is not authenticated', async (_case, send) => {
    const response = await send(await createWorld())
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ error: 'invalid_client' })
  })

  it('that sends JSON to the token endpoint is told what to send', async () => {
    const world = await createWorld()
    const headers = { 'content-type': 'application/json' }
    const response = await world.send(`${issuer}/oauth/token`, { method: 'POST', headers, body: '{}' })
    expect([response.status, await response.json()]).toEqual([
      400,
      { error: 'invalid_request', error_description: expect.stringContaining('x-www-form-urlencoded') },
    ])
  })

  it('that uses GET, or sends too much, gets the documented error', async () => {
    const world = await createWorld()
    const get = await world.send(`${issuer}/oauth/token`)
    const large = await ask(world, { refresh_token: 'x'.repeat(20_000) })
    for (const [response, status] of [
      [get, 405],
      [large, 413],
    ] as const) {
      expect([response.status, await response.json()]).toEqual([status, { error: expect.any(String) }])
    }
  })

  it('in a browser of any origin may ask (CORS), also beforehand', async () => {
    const world = await createWorld()
    for (const path of [
      '/oauth/token',
      '/oauth/revoke',
      '/oauth/register',
      '/.well-known/oauth-authorization-server',
    ]) {
      const asked = await world.send(issuer + path, { method: 'OPTIONS' })
      expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([204, '*'])
    }
    const refused = await ask(world, {}, { origin: 'https://spa.example' })
    expect(refused.headers.get('access-control-allow-origin')).toBe('*')
  })

  it("cannot revoke another's token", async () => {
    const world = await createWorld()
    const tokens = await grantedTokens(world, [`${world.cas.root}:read`])
    const { json } = await register(world, { redirect_uris: [redirectUri] })
    const fields = { client_id: json['client_id'] ?? '', token: tokens.refresh_token }
    expect((await postForm(world, '/oauth/revoke', fields)).status).toBe(200)
    expect((await refresh(world, tokens.refresh_token)).status).toBe(200)
  })
})

describe('a registration', () => {
  it.each([
    ['of a script', { redirect_uris: ['javascript:alert(1)'] }, 'invalid_redirect_uri'],
    ['of data', { redirect_uris: ['data:text/html,x'] }, 'invalid_redirect_uri'],
    ['of plain http elsewhere', { redirect_uris: ['http://client.example/'] }, 'invalid_redirect_uri'],
    ['with a fragment', { redirect_uris: ['https://client.example/#x'] }, 'invalid_redirect_uri'],
    [
      'with a password in the URI',
      { redirect_uris: ['https://a:b@client.example/'] },
      'invalid_redirect_uri',
    ],
    ['with blanks around the URI', { redirect_uris: [' https://client.example/'] }, 'invalid_redirect_uri'],
    ['of no URI', { redirect_uris: [] }, 'invalid_redirect_uri'],
    ['of eleven URIs', { redirect_uris: Array(11).fill(redirectUri) }, 'invalid_redirect_uri'],
    ['of numbers', { redirect_uris: [1] }, 'invalid_redirect_uri'],
    [
      'that wants a secret',
      { redirect_uris: [redirectUri], token_endpoint_auth_method: 'client_secret_post' },
      'invalid_client_metadata',
    ],
    [
      'for another grant',
      { redirect_uris: [redirectUri], grant_types: ['implicit'] },
      'invalid_client_metadata',
    ],
    [
      'with a name that turns the text around',
      { redirect_uris: [redirectUri], client_name: 'good\u202elive' },
      'invalid_client_metadata',
    ],
    [
      'with a name of a page',
      { redirect_uris: [redirectUri], client_name: 'x'.repeat(101) },
      'invalid_client_metadata',
    ],
    ['that is no object', [], 'invalid_client_metadata'],
    ['that is no JSON', '{"redirect_uris":', 'invalid_client_metadata'],
  ])('%s is refused in the form of RFC 7591 §3.2.2', async (_case, body, error) => {
    const world = await createWorld()
    const { status, json } = await register(world, body)
    expect([status, json]).toEqual([400, { error, error_description: expect.any(String) }])
    expect((await world.storage.listOAuthClients({ kind: 'public' }, { page: 1, pageSize: 1 })).total).toBe(0)
  })

  it('that is too large is not read to its end', async () => {
    const { status, json } = await register(await createWorld(), { client_name: 'x'.repeat(20_000) })
    expect([status, json]).toEqual([413, { error: expect.any(String) }])
  })

  it('has a limit of its own by address, and tokens have theirs', async () => {
    const limits = { registrationsPerMinute: 1, tokensPerMinute: 2 }
    const world = await createWorld({ oauth: limits, handler: { rateLimits: {} } })
    const body = { redirect_uris: [redirectUri] }
    expect((await register(world, body)).status).toBe(201)
    expect((await register(world, body)).status).toBe(429)
    const tries = [await refresh(world, 'x'), await refresh(world, 'x'), await refresh(world, 'x')]
    expect(tries.map(({ status }) => status)).toEqual([400, 400, 429])
  })
})

it('no token, code, secret, verifier or state in any log line, and every refusal has its code', async () => {
  const lines: string[] = []
  const write = (fields: unknown, message: string) =>
    void lines.push(`${message} ${inspect(fields, { depth: 10, showHidden: true })}`)
  const world = await createWorld({ handler: { logger: { info: write, warn: write, error: write } } })
  const tokens = await grantedTokens(world, [`${world.cas.root}:read`])
  const fresh = await refresh(world, tokens.refresh_token)
  await whoami(world, tokens.access_token)
  await postForm(world, '/oauth/token', { ...tokens.exchange, client_secret: 'a-wrong-secret' })
  await postForm(world, '/oauth/token', tokens.exchange)
  await postForm(world, '/oauth/revoke', { ...world.dashboard, token: fresh.json.access_token })
  vi.spyOn(world.storage, 'findOAuthArtifact').mockRejectedValue(new Error('the disk burns'))
  const failed = await refresh(world, fresh.json.refresh_token)
  expect([failed.status, JSON.stringify(failed.json)]).toEqual([500, expect.not.stringContaining('burns')])
  expect(lines.filter((line) => line.includes('the disk burns'))).toHaveLength(1)
  expect(lines.filter((line) => line.includes("code: 'invalid_client'"))).toHaveLength(1)
  const { exchange, uid } = tokens
  const secrets = [tokens.access_token, tokens.refresh_token, exchange.code, exchange.code_verifier, uid]
  secrets.push(
    fresh.json.access_token,
    fresh.json.refresh_token,
    world.dashboard.client_secret,
    'a-wrong-secret',
  )
  for (const secret of [...secrets, 'a state']) {
    expect(lines.filter((line) => line.includes(secret))).toEqual([])
  }
})
