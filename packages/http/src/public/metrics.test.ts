import { describe, expect, it } from 'vitest'
import { createHandler } from '../create-handler.js'
import { caId, fakeAuthority, goodKey } from '../fake-authority.js'

const bearerToken = 'c2NyYXBlLW1lLWlmLXlvdS1jYW4='
const list = {
  number: 7,
  thisUpdate: new Date('2026-01-01T00:00:00Z'),
  nextUpdate: new Date('2026-01-08T00:00:00Z'),
}
const authority = () =>
  fakeAuthority({
    crlFreshness: async () => [
      { caId, scope: 'complete', list, missing: 2, ageSeconds: 60 },
      { caId, scope: '1-of-2', missing: 9 },
    ],
  })

const scrape = (authorization?: string, metrics: { bearerToken: string } | undefined = { bearerToken }) =>
  createHandler(authority(), { ...(metrics && { metrics }) })(
    new Request('http://pki.test/metrics', { ...(authorization && { headers: { authorization } }) }),
  )

describe('metrics', () => {
  it('tell Prometheus how far each list is behind', async () => {
    const response = await scrape(`Bearer ${bearerToken}`)
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(response.headers.get('cache-control')).toBe('no-store')
    const text = await response.text()
    const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    expect(samples).toEqual([
      `certwright_crl_published{ca="${caId}",scope="complete"} 1`,
      `certwright_crl_published{ca="${caId}",scope="1-of-2"} 0`,
      `certwright_crl_number{ca="${caId}",scope="complete"} 7`,
      `certwright_crl_this_update_timestamp_seconds{ca="${caId}",scope="complete"} 1767225600`,
      `certwright_crl_next_update_timestamp_seconds{ca="${caId}",scope="complete"} 1767830400`,
      `certwright_crl_missing_entries{ca="${caId}",scope="complete"} 2`,
      `certwright_crl_missing_entries{ca="${caId}",scope="1-of-2"} 9`,
    ])
    expect(text.match(/^# TYPE \S+ gauge$/gm)).toHaveLength(5)
  })

  it.each([
    ['nothing', undefined],
    ['an API key', `Bearer ${goodKey}`],
    ['a part of the token', `Bearer ${bearerToken.slice(0, -1)}`],
    ['more than the token', `Bearer ${bearerToken}${bearerToken}`],
    ['another scheme', `Basic ${bearerToken}`],
  ])('are not for who sends %s', async (_, authorization) => {
    const response = await scrape(authorization)
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    expect(await response.text()).not.toContain('certwright_crl')
  })

  it('are not there unless the host asks for them, nor in the document of the API', async () => {
    const handler = createHandler(authority())
    const headers = { authorization: `Bearer ${bearerToken}` }
    expect((await handler(new Request('http://pki.test/metrics', { headers }))).status).toBe(404)
    const documented = createHandler(authority(), { metrics: { bearerToken } })
    const document = await (await documented(new Request('http://pki.test/v1/openapi'))).text()
    expect(document).not.toContain('/metrics')
  })

  it.each(['', 'too-short', 'with a space in it, and a comma'])('have no token like %j', (token) => {
    expect(() => createHandler(authority(), { metrics: { bearerToken: token } })).toThrow(TypeError)
  })
})
