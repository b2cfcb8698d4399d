import { describe, expect, it } from 'vitest'
import { createHandler } from './create-handler.js'
import type { ExtensionEndpoint, HandlerExtension } from './extension.js'
import { fakeAuthority, goodKey } from './fake-authority.js'
import type { HandlerOptions } from './options.js'

const cookies = ['a=1; Path=/', 'b=2; Path=/']

const page: ExtensionEndpoint = {
  method: 'GET',
  path: '/extra/:name',
  access: 'public',
  serve: async ({ path, parameters, requestId }) =>
    new Response(`<p>${path} ${parameters['name']} ${requestId}`, {
      status: 303,
      headers: [
        ['content-type', 'text/html'],
        ['referrer-policy', 'same-origin'],
        ...cookies.map((cookie): [string, string] => ['set-cookie', cookie]),
      ],
    }),
}

const upload: ExtensionEndpoint = {
  method: 'POST',
  path: '/extra/upload',
  access: 'public',
  limit: { name: 'upload', perMinute: 1 },
  serve: async ({ readBody }) => new Response(String((await readBody(4)).length)),
}

const guarded: ExtensionEndpoint = {
  method: 'DELETE',
  path: '/extra/guarded',
  access: 'general',
  serve: async (_visit, caller) => Response.json({ id: caller.principal.id }),
}

const issuing: ExtensionEndpoint = {
  method: 'POST',
  path: '/extra/issuing',
  access: 'general',
  async serve({ countIssuance, query }) {
    if (query.has('issue')) await countIssuance()
    return new Response('done')
  },
}

const preflight: ExtensionEndpoint = {
  method: 'OPTIONS',
  path: '/extra/upload',
  access: 'public',
  serve: async () => new Response(null, { status: 204 }),
}

const wellKnown: ExtensionEndpoint = {
  method: 'GET',
  path: '/.well-known/extra/pki',
  isRootPath: true,
  access: 'public',
  serve: async () => Response.json({ known: true }),
}

function serve(options: HandlerOptions = {}, more: Partial<HandlerExtension> = {}) {
  const extension = { endpoints: [page, upload, guarded, issuing, preflight, wellKnown], ...more }
  const handler = createHandler(fakeAuthority(), { basePath: '/pki', extensions: [extension], ...options })
  return (method: string, path: string, init: { headers?: Record<string, string>; body?: string } = {}) =>
    handler(new Request(`http://pki.test${path}`, { method, ...init }), { remoteAddress: '192.0.2.1' })
}

describe('an endpoint of an extension', () => {
  it('answers as it likes: status, HTML and several cookies; our headers come beside its own', async () => {
    const response = await serve()('GET', '/pki/extra/x%20y', { headers: { 'x-request-id': 'r' } })
    expect([response.status, await response.text()]).toEqual([303, '<p>/extra/x%20y x%20y r'])
    expect(response.headers.getSetCookie()).toEqual(cookies)
    expect(response.headers.get('referrer-policy')).toBe('same-origin')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('x-request-id')).toBe('r')
    expect(response.headers.get('ratelimit-limit')).toBe('6000')
  })

  it('has no body for HEAD', async () => {
    expect(await (await serve()('HEAD', '/pki/extra/x')).text()).toBe('')
  })

  it('may be one of the origin, beside the base path (RFC 8615)', async () => {
    const send = serve()
    expect((await send('GET', '/.well-known/extra/pki')).status).toBe(200)
    expect((await send('GET', '/pki/.well-known/extra/pki')).status).toBe(404)
  })

  it('reads a body up to its own bound', async () => {
    const send = serve({ rateLimits: false })
    expect(await (await send('POST', '/pki/extra/upload', { body: '1234' })).text()).toBe('4')
    const refused = await send('POST', '/pki/extra/upload', { body: '12345' })
    expect([refused.status, await refused.json()]).toEqual([413, { error: expect.any(String) }])
  })

  it('has a limit of its own by address, which others do not count against', async () => {
    const send = serve()
    const statuses = [await send('POST', '/pki/extra/upload'), await send('POST', '/pki/extra/upload')]
    expect(statuses.map(({ status }) => status)).toEqual([200, 429])
    expect((await send('GET', '/pki/extra/x')).status).toBe(303)
  })

  it('that needs a credential is told whose it is', async () => {
    const headers = { authorization: `Bearer ${goodKey}` }
    expect(await (await serve()('DELETE', '/pki/extra/guarded', { headers })).json()).toEqual({ id: 'key-1' })
  })

  it('that issues counts against the limit of issuing, and only then', async () => {
    const headers = { authorization: `Bearer ${goodKey}` }
    const send = serve({ rateLimits: { issuePerMinute: 1 } })
    const post = async (path: string) => (await send('POST', path, { headers })).status
    expect(await post('/pki/extra/issuing')).toBe(200)
    expect(await post('/pki/extra/issuing?issue')).toBe(200)
    expect(await post('/pki/extra/issuing?issue')).toBe(429)
    expect(await post('/pki/extra/issuing')).toBe(200)
  })

  it('answers OPTIONS where it says so, and is named in Allow', async () => {
    const send = serve()
    expect((await send('OPTIONS', '/pki/extra/upload')).status).toBe(204)
    expect((await send('PUT', '/pki/extra/upload')).headers.get('allow')).toBe('GET, HEAD, POST, OPTIONS')
  })

  it('that fails is answered by the documented body, and told to the logger', async () => {
    const lines: unknown[] = []
    const log = (fields: unknown) => void lines.push(fields)
    const failing = { ...page, serve: () => Promise.reject(new Error('a detail')) }
    const options = { logger: { info: log, warn: log, error: log } }
    const response = await serve(options, { endpoints: [failing] })('GET', '/pki/extra/x')
    expect([response.status, await response.text()]).toEqual([500, expect.not.stringContaining('detail')])
    expect(lines).toContainEqual(expect.objectContaining({ route: '/extra/:name', status: 500 }))
  })
})

const challenge = (path: string, fault: string) =>
  path.startsWith('/v1/') ? `Bearer realm="${path} ${fault}"` : undefined

describe('a challenge of an extension', () => {
  it('is that of a 401, and tells a missing credential from one that is not valid', async () => {
    const send = serve({}, { challenge })
    const challengeOf = async (path: string, headers = {}) =>
      (await send(path === '/pki/v1/cas' ? 'GET' : 'DELETE', path, { headers })).headers.get(
        'www-authenticate',
      )
    expect(await challengeOf('/pki/v1/cas')).toBe('Bearer realm="/v1/cas missing"')
    const bad = { authorization: 'Bearer cm_bad' }
    expect(await challengeOf('/pki/v1/cas', bad)).toBe('Bearer realm="/v1/cas invalid"')
    expect(await challengeOf('/pki/extra/guarded')).toBe('Bearer')
  })
})

it('a limit that is none is a mistake of the programmer', () => {
  const endpoint = { ...upload, limit: { name: 'upload', perMinute: 0 } }
  expect(() => serve({}, { endpoints: [endpoint] })).toThrow(RangeError)
})
