import { expect, it } from 'vitest'
import { addressKey } from './client-address.js'
import { createHandler } from './create-handler.js'
import { caId, fakeAuthority, goodKey } from './fake-authority.js'
import type { RateLimitOptions } from './rate-limit.js'

function sender(rateLimits: RateLimitOptions) {
  const authority = fakeAuthority()
  const handler = createHandler(authority, { rateLimits })
  const send = (path: string, { key = goodKey, address = '192.0.2.1', method = 'GET' } = {}) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const body = method === 'POST' ? JSON.stringify({ caId }) : null
    return handler(new Request(`http://pki.test${path}`, { method, headers, body }), {
      remoteAddress: address,
    })
  }
  return { authority, send }
}

it('a credential gets so many requests a minute, and then the documented 429', async () => {
  const { send } = sender({ generalPerMinute: 2 })
  const first = await send('/v1/cas')
  expect(first.headers.get('ratelimit-limit')).toBe('2')
  expect(first.headers.get('ratelimit-remaining')).toBe('1')
  await send('/v1/cas', { address: '192.0.2.2' })
  const refused = await send('/v1/cas')
  expect(refused.status).toBe(429)
  expect(refused.headers.get('certwright-error')).toBe('rate_limited')
  expect(refused.headers.get('ratelimit-remaining')).toBe('0')
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await refused.json()).toEqual({ error: expect.stringContaining('wait') })
})

it('issuing and renewing have a limit of their own', async () => {
  const { send, authority } = sender({ issuePerMinute: 1 })
  expect((await send('/v1/certificates', { method: 'POST' })).status).toBe(200)
  expect((await send('/v1/certificates', { method: 'POST' })).status).toBe(429)
  expect((await send('/v1/certificates')).status).toBe(200)
  expect(authority.calls.filter(({ name }) => name === 'issue')).toHaveLength(1)
})

it('an address whose credentials were refused too often gets 429 for more of them, and its valid ones go on', async () => {
  const { send } = sender({ refusedPerMinute: 2 })
  expect((await send('/v1/cas', { key: 'cm_1' })).status).toBe(401)
  expect((await send('/v1/cas', { key: 'cm_2' })).status).toBe(401)
  expect((await send('/v1/cas', { key: 'cm_3' })).status).toBe(429)
  expect((await send('/v1/cas', { key: 'cm_3', address: '192.0.2.2' })).status).toBe(401)
  expect((await send('/v1/cas')).status).toBe(200)
})

it('what needs no credential is counted by address', async () => {
  const { send } = sender({ publicPerMinute: 1 })
  expect((await send(`/crl/${caId}`)).status).toBe(200)
  expect((await send(`/ca/${caId}`)).status).toBe(429)
})

it('a store of the host keeps the counts', async () => {
  const keys: string[] = []
  const store = {
    hit: async (key: string) => {
      keys.push(key)
      return { count: 601, resetMilliseconds: 1500 }
    },
  }
  const response = await sender({ store }).send('/v1/cas')
  expect(response.status).toBe(429)
  expect(response.headers.get('retry-after')).toBe('2')
  expect(keys).toEqual(['general:key-1'])
})

it.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:0:7::1', '2001:db8:0:7::/64'],
  ['2001:DB8:0:7:1:2:3:4', '2001:db8:0:7::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
])('%s is counted under %s', (address, key) => {
  expect(addressKey(address)).toBe(key)
})
