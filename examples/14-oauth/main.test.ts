import { afterAll, beforeAll, expect, it } from 'vitest'
import { connect, startServer } from './main.js'

let server: Awaited<ReturnType<typeof startServer>>
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())

/** In the place of a user with a browser: follows redirects, keeps cookies, and ticks "Read" on the one CA. */
async function allowReading(url: string): Promise<string> {
  const cookies = new Map([['session', 'session=yours']])
  const open = async (target: string, form?: URLSearchParams): Promise<Response> => {
    const headers = { cookie: [...cookies.values()].join('; ') }
    const init = { redirect: 'manual', headers, ...(form && { method: 'POST', body: form }) } as const
    const response = await fetch(target, init)
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      cookies.set(pair.slice(0, pair.indexOf('=')), pair)
    }
    return response
  }
  const pageUrl = (await open(url)).headers.get('location') ?? ''
  const html = await (await open(pageUrl)).text()
  const field = (name: string): string => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? ''
  const form = new URLSearchParams({
    form_token: field('form_token'),
    workspace: field('workspace'),
    right: `${server.caId}:read`,
    decision: 'allow',
  })
  const resume = (await open(pageUrl, form)).headers.get('location') ?? ''
  return (await open(resume)).headers.get('location') ?? ''
}

it('a tool gets a token for what its user has ticked, and no more', async () => {
  const { tokens } = await connect(server.issuer, allowReading)
  const headers = { authorization: `Bearer ${tokens.access_token}`, 'content-type': 'application/json' }
  const list = (await (await fetch(`${server.issuer}/v1/cas`, { headers })).json()) as {
    cas: { id: string }[]
  }
  expect(list.cas.map(({ id }) => id)).toEqual([server.caId])
  const body = JSON.stringify({ caId: server.caId, commonName: 'a.example.com' })
  const issuing = await fetch(`${server.issuer}/v1/certificates`, { method: 'POST', headers, body })
  expect(issuing.status).toBe(403)
})
