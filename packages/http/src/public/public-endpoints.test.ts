import { gunzipSync } from 'node:zlib'
import { PkiError } from '@certwright/core'
import { describe, expect, it } from 'vitest'
import { createHandler } from '../create-handler.js'
import { caId, fakeAuthority } from '../fake-authority.js'

function serve(answers: Parameters<typeof fakeAuthority>[0] = {}, now = '2026-06-01T00:00:00Z') {
  const handler = createHandler(fakeAuthority(answers), { now: () => new Date(now) })
  return (path: string, init?: RequestInit) => handler(new Request(`http://pki.test${path}`, init))
}

async function cacheControlAt(now: string): Promise<string | null> {
  const { headers } = await serve({}, now)(`/crl/${caId}`)
  return headers.get('cache-control')
}

const long = {
  der: Uint8Array.from({ length: 10_000 }, (_, i) => (i % 40 < 20 ? i * i : 7)),
  scope: 'complete',
  number: 7,
  thisUpdate: new Date('2026-01-01T00:00:00Z'),
  nextUpdate: new Date('2027-01-01T00:00:00Z'),
}

describe('CRL', () => {
  it('is public, cacheable for a while, and tells its version', async () => {
    const response = await serve()(`/crl/${caId}`)
    expect(response.headers.get('content-type')).toBe('application/pkix-crl')
    expect(response.headers.get('cache-control')).toBe('public, max-age=300, no-transform, must-revalidate')
    expect(response.headers.get('etag')).toBe('"7"')
    expect(response.headers.get('last-modified')).toBe('Thu, 01 Jan 2026 00:00:00 GMT')
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(new Uint8Array([1]))
  })

  it('is never cached beyond its nextUpdate', async () => {
    expect(await cacheControlAt('2026-12-31T23:59:50Z')).toContain('max-age=10,')
    expect(await cacheControlAt('2027-01-02T00:00:00Z')).toContain('max-age=0,')
  })

  it.each([
    [{ 'if-none-match': '"7"' }, 304],
    [{ 'if-none-match': 'W/"7", "8"' }, 304],
    [{ 'if-none-match': '"6"' }, 200],
    [{ 'if-none-match': '"6"', 'if-modified-since': 'Thu, 01 Jan 2026 00:00:00 GMT' }, 200],
    [{ 'if-modified-since': 'Thu, 01 Jan 2026 00:00:00 GMT' }, 304],
    [{ 'if-modified-since': 'Wed, 31 Dec 2025 00:00:00 GMT' }, 200],
    [{ 'if-modified-since': 'yesterday' }, 200],
  ])('a conditional request %o gets %i (RFC 9110 §13.2.2)', async (headers, status) => {
    const response = await serve()(`/crl/${caId}`, { headers })
    expect(response.status).toBe(status)
    expect(response.headers.get('etag')).toBe('"7"')
    expect((await response.text()).length).toBe(status === 304 ? 0 : 1)
  })

  it('goes on where a download broke off (RFC 9110 §14.2)', async () => {
    const send = serve({ crl: async () => long })
    const range = { range: 'bytes=9000-', 'if-range': '"7"' }
    const rest = await send(`/crl/${caId}`, { headers: range })
    expect([rest.status, rest.headers.get('content-range')]).toEqual([206, 'bytes 9000-9999/10000'])
    expect(new Uint8Array(await rest.arrayBuffer())).toEqual(long.der.subarray(9000))
    const other = await send(`/crl/${caId}`, { headers: { ...range, 'if-range': '"6"' } })
    expect([other.status, (await other.arrayBuffer()).byteLength]).toEqual([200, 10_000])
    const known = await send(`/crl/${caId}`, { headers: { range: 'bytes=9000-', 'if-none-match': '"7"' } })
    expect([known.status, known.headers.get('content-range')]).toEqual([304, null]) // §13.2.2
    const behind = await send(`/crl/${caId}`, { headers: { range: 'bytes=10000-' } })
    expect([behind.status, behind.headers.get('content-range')]).toEqual([416, 'bytes */10000'])
  })

  it('comes as gzip where the client takes that, as a version of its own', async () => {
    const send = serve({ crl: async () => long })
    const headers = { 'accept-encoding': 'br, gzip;q=0.5' }
    const response = await send(`/crl/${caId}`, { headers })
    expect(response.headers.get('content-encoding')).toBe('gzip')
    expect(response.headers.get('vary')).toBe('accept-encoding')
    const bytes = new Uint8Array(await response.arrayBuffer())
    expect(bytes.length).toBeLessThan(5000)
    expect(new Uint8Array(gunzipSync(bytes))).toEqual(long.der)
    const known = { ...headers, 'if-none-match': response.headers.get('etag') ?? '' }
    expect((await send(`/crl/${caId}`, { headers: known })).status).toBe(304)
  })

  it.each([{}, { 'accept-encoding': 'gzip;q=0' }, { 'accept-encoding': 'br' }])(
    'comes as it is to a client that sends %o',
    async (headers) => {
      const response = await serve({ crl: async () => long })(`/crl/${caId}`, { headers })
      expect(response.headers.get('content-encoding')).toBeNull()
      expect(response.headers.get('etag')).toBe('"7"')
    },
  )

  it('of an unknown CA is the documented 404', async () => {
    const error = new PkiError('ca_not_found', 'Cannot find CA', { caId })
    const response = await serve({ crl: async () => Promise.reject(error) })(`/crl/${caId}`)
    expect(response.status).toBe(404)
    expect(await response.json()).toEqual({ error: 'Cannot find CA' })
  })
})

describe('OCSP (the fake answers with the request that it got)', () => {
  // DER whose base64 has all three characters that paths make trouble with: "+", "/" and "=".
  const der = new Uint8Array([0x30, 0xfb, 0xff, 0xfe, 0xff, 0xff, 0xff, 0x01])
  const base64 = btoa(String.fromCharCode(...der))

  it.each([
    ['encoded', encodeURIComponent(base64)],
    ['bare', base64],
    ['without padding', base64.replace(/=/g, '')],
  ])('GET with base64 %s (RFC 6960 §A.1)', async (_form, path) => {
    const response = await serve()(`/ocsp/${caId}/${path}`)
    expect(response.headers.get('content-type')).toBe('application/ocsp-response')
    expect(response.headers.get('cache-control')).toContain('max-age=300')
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(der)
  })

  it('GET with consecutive slashes keeps both', async () => {
    const slashes = new Uint8Array([0xff, 0xff, 0xff])
    const response = await serve()(`/ocsp/${caId}/${btoa(String.fromCharCode(...slashes))}`)
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(slashes)
  })

  it.each(['%E0%A4%A', 'no*base64'])(
    'GET with %s reaches the responder as an empty request',
    async (path) => {
      const response = await serve()(`/ocsp/${caId}/${path}`)
      expect(response.status).toBe(200)
      expect((await response.arrayBuffer()).byteLength).toBe(0)
    },
  )

  it('GET is conditional, for the caches between (RFC 5019 §6.2)', async () => {
    const send = serve()
    const path = `/ocsp/${caId}/${encodeURIComponent(base64)}`
    const { headers } = await send(path)
    expect(headers.get('last-modified')).toBe('Thu, 01 Jan 2026 00:00:00 GMT')
    expect(headers.get('expires')).toBe('Fri, 01 Jan 2027 00:00:00 GMT')
    const known = { headers: { 'if-none-match': headers.get('etag') ?? '' } }
    expect((await send(path, known)).status).toBe(304)
    expect((await send(`/ocsp/${caId}/AAAA`, known)).status).toBe(200)
  })

  it('POST', async () => {
    const headers = { 'content-type': 'application/ocsp-request' }
    const response = await serve()(`/ocsp/${caId}`, { method: 'POST', headers, body: der })
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(der)
  })

  it('POST with another content type is 415, with too much 413', async () => {
    const send = serve()
    expect((await send(`/ocsp/${caId}`, { method: 'POST', body: der })).status).toBe(415)
    const headers = { 'content-type': 'application/ocsp-request' }
    expect(
      (await send(`/ocsp/${caId}`, { method: 'POST', headers, body: new Uint8Array(70_000) })).status,
    ).toBe(413)
  })

  it('an error response is not kept by caches', async () => {
    const response = await serve({ answerOcsp: async () => ({ der: new Uint8Array([1]) }) })(
      `/ocsp/${caId}/AAAA`,
    )
    expect(response.headers.get('cache-control')).toBe('no-store')
  })
})

it('the certificate of a CA is DER', async () => {
  const response = await serve()(`/ca/${caId}`)
  expect(response.headers.get('content-type')).toBe('application/pkix-cert')
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(new Uint8Array([0x30, 0x00]))
})
