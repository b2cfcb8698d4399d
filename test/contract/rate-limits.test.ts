import { expect, it } from 'vitest'
import { createPki } from './setup.js'
import { documented, faultsOf } from './shapes.js'

it('general: so many requests a minute, then 429 with the documented body, RateLimit-* and Retry-After', async () => {
  const pki = await createPki({ rateLimits: { generalPerMinute: 3 } })
  const answers = []
  for (let i = 0; i < 4; i++) answers.push(await pki.call('GET', '/v1/whoami'))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429])
  expect(answers.map(({ headers }) => headers.get('ratelimit-remaining'))).toEqual(['2', '1', '0', '0'])
  const [first, , , last] = answers
  expect(first?.headers.get('ratelimit-limit')).toBe('3')
  expect(first?.headers.get('retry-after')).toBeNull()
  expect(faultsOf(last?.json, documented.error)).toEqual([])
  expect(last?.headers.get('certwright-error')).toBe('rate_limited')
  const wait = Number(last?.headers.get('retry-after'))
  expect(wait).toBeGreaterThan(0)
  expect(wait).toBeLessThanOrEqual(60)
  expect(last?.headers.get('ratelimit-reset')).toBe(String(wait))
})

it('issue and renew together have a lower limit of their own, and a refused request changes nothing', async () => {
  const pki = await createPki({ rateLimits: { issuePerMinute: 2 } })
  const { id } = await pki.issue()
  expect((await pki.call('POST', `/v1/certificates/${id}/renew`)).status).toBe(200)
  const before = await pki.snapshot()
  expect((await pki.call('POST', '/v1/certificates', { body: pki.managed() })).status).toBe(429)
  expect((await pki.call('POST', `/v1/certificates/${id}/renew`)).status).toBe(429)
  expect(await pki.snapshot()).toEqual(before)
  expect((await pki.call('GET', `/v1/certificates/${id}`)).status).toBe(200)
  expect((await pki.call('POST', `/v1/certificates/${id}/revoke`)).status).toBe(200)
})

it('each credential has its own', async () => {
  const pki = await createPki({ rateLimits: { generalPerMinute: 1, issuePerMinute: 1 } })
  for (const { secret: key } of [pki.keys.full, pki.keys.readOnly, pki.keys.foreign]) {
    expect((await pki.call('GET', '/v1/whoami', { key })).status).toBe(200)
    expect((await pki.call('GET', '/v1/whoami', { key })).status).toBe(429)
  }
  expect(
    (await pki.call('POST', '/v1/certificates', { key: pki.keys.issueOnly.secret, body: pki.managed() }))
      .status,
  ).toBe(200)
})

it('600 and 120 where nothing is said', async () => {
  const pki = await createPki({ rateLimits: {} })
  const limitOf = async (method: string, path: string) =>
    (await pki.call(method, path, { body: method === 'POST' ? pki.managed() : undefined })).headers.get(
      'ratelimit-limit',
    )
  expect(await limitOf('GET', '/v1/cas')).toBe('600')
  expect(await limitOf('POST', '/v1/certificates')).toBe('120')
})

it('refused credentials of an address are limited, and lock out nobody with a valid one', async () => {
  const pki = await createPki({ rateLimits: { refusedPerMinute: 3 } })
  const statuses = []
  for (let i = 0; i < 5; i++) statuses.push((await pki.call('GET', '/v1/whoami', { key: `cm_${i}` })).status)
  expect(statuses).toEqual([401, 401, 401, 429, 429])
  expect((await pki.call('GET', '/v1/whoami')).status).toBe(200)
})
