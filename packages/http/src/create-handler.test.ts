import { describe, expect, it } from 'vitest'
import { createHandler } from './create-handler.js'
import { caId, certificateId, fakeAuthority } from './fake-authority.js'
import { serve } from './test-serving.js'

describe('documented answers', () => {
  it('whoami', async () => {
    const response = await serve().send('/v1/whoami')
    expect(await response.json()).toEqual({
      user: { id: caId, email: 'user@example.com' },
      workspace: { id: caId, name: 'My Workspace', slug: 'my-workspace' },
      apiKey: { id: caId, name: 'Production Key', prefix: 'cm_prod' },
      permissions: { [caId]: { canRead: true, canIssue: true, canRevoke: false } },
    })
  })

  it('the list of CAs has 11 fields each, null where something is absent', async () => {
    const { send, authority } = serve()
    const response = await send(`/v1/cas?type=root&parentCaId=${caId.toUpperCase()}`)
    expect(await response.json()).toEqual({
      cas: [
        {
          id: caId,
          name: 'Root',
          common_name: 'Example Root',
          organization: null,
          key_algorithm: 'ECDSA-P384',
          valid_from: '2026-01-01T00:00:00.000Z',
          valid_to: '2027-01-01T00:00:00.000Z',
          created_at: '2026-01-01T00:00:00.000Z',
          parent_ca_id: null,
          depth: 0,
          path_length: null,
        },
      ],
    })
    expect(authority.calls.at(-1)?.args[0]).toEqual({ type: 'root', parentCaId: caId })
  })

  it('a CA has 19 fields, its serial number in capitals, its PEM without a last line feed', async () => {
    const response = await serve().send(`/v1/cas/${caId}`)
    expect(await response.json()).toEqual({
      ca: {
        id: caId,
        name: 'Root',
        common_name: 'Example Root',
        organization: null,
        country: null,
        state: null,
        locality: null,
        key_algorithm: 'ECDSA-P384',
        certificate_pem: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
        serial_number: '01AB23CD45EF',
        valid_from: '2026-01-01T00:00:00.000Z',
        valid_to: '2027-01-01T00:00:00.000Z',
        created_at: '2026-01-01T00:00:00.000Z',
        has_passphrase: false,
        parent_ca_id: null,
        depth: 0,
        path_length: null,
        revoked_at: null,
        revocation_reason: null,
      },
    })
  })

  it('a chain counts its certificates', async () => {
    const response = await serve().send(`/v1/cas/${caId}/chain`)
    expect(await response.json()).toEqual({
      caId,
      chainLength: 2,
      chain: Array(2).fill('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'),
    })
  })

  it('the list of certificates has 12 fields each and the page', async () => {
    const { send, authority } = serve()
    const response = await send(
      '/v1/certificates?search=Api&createdFrom=2026-01-01&createdTo=2026-01-31&expiringInDays=30',
    )
    expect(await response.json()).toEqual({
      certificates: [
        {
          id: certificateId,
          ca_id: caId,
          common_name: 'api.example.com',
          san_dns: ['api.example.com'],
          san_ip: ['192.0.2.1'],
          key_algorithm: 'ECDSA-P256',
          valid_from: '2026-01-01T00:00:00.000Z',
          valid_to: '2027-01-01T00:00:00.000Z',
          serial_number: '01AB23CD45EF',
          revoked_at: null,
          revocation_reason: null,
          created_at: '2026-01-01T00:00:00.000Z',
        },
      ],
      total: 42,
      page: 1,
      pageSize: 20,
      totalPages: 3,
    })
    expect(authority.calls.at(-1)?.args[0]).toEqual({
      search: 'Api',
      status: 'all',
      createdFrom: new Date('2026-01-01T00:00:00.000Z'),
      createdTo: new Date('2026-01-31T23:59:59.999Z'),
      expiringInDays: 30,
      page: 1,
      pageSize: 20,
    })
  })

  const issued = {
    id: certificateId,
    common_name: 'api.example.com',
    certificate_pem: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
    san_dns: ['api.example.com'],
    san_ip: ['192.0.2.1'],
    valid_from: '2026-01-01T00:00:00.000Z',
    valid_to: '2027-01-01T00:00:00.000Z',
    serial_number: '01AB23CD45EF',
    created_at: '2026-01-01T00:00:00.000Z',
  }

  it('an issued certificate has 9 fields, and the private key beside it', async () => {
    const { post, authority } = serve()
    const response = await post(
      '/v1/certificates',
      { caId, commonName: 'api.example.com' },
      { 'idempotency-key': 'k' },
    )
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ certificate: issued, privateKey: 'KEY' })
    expect(response.headers.get('idempotent-replayed')).toBeNull()
    expect(authority.calls.at(-1)?.args).toEqual([
      { caId, mode: 'managed', commonName: 'api.example.com' },
      { principal: { kind: 'apiKey', id: 'key-1' }, idempotencyKey: 'k' },
    ])
  })

  it('a replayed renewal says so in a header and has no private key', async () => {
    const response = await serve().post(`/v1/certificates/${certificateId}/renew`, { csrPem: 'x' })
    expect(await response.json()).toEqual({
      message: 'Certificate renewed successfully',
      certificate: issued,
    })
    expect(response.headers.get('idempotent-replayed')).toBe('true')
  })

  it('a revocation has 4 fields and a message', async () => {
    const response = await serve().post(`/v1/certificates/${certificateId}/revoke`, {
      reason: 'keyCompromise',
    })
    expect(await response.json()).toEqual({
      message: 'Certificate revoked successfully',
      certificate: {
        id: certificateId,
        common_name: 'api.example.com',
        revoked_at: '2027-01-01T00:00:00.000Z',
        revocation_reason: 'keyCompromise',
      },
    })
  })

  it.each(['revoke', 'renew'])('%s needs neither a body nor a content type', async (action) => {
    const { send, authority } = serve()
    const path = `/v1/certificates/${certificateId}/${action}`
    expect((await send(path, { method: 'POST' })).status).toBe(200)
    const empty = { method: 'POST', body: '', headers: { 'content-type': 'application/json' } }
    expect((await send(path, empty)).status).toBe(200)
    expect(authority.calls.at(-1)?.args[0]).toMatchObject({ certificateId })
  })
})

describe('every answer', () => {
  it('HEAD has the headers of GET and no body', async () => {
    const { send } = serve()
    const got = await send('/v1/cas')
    const head = await send('/v1/cas', { method: 'HEAD' })
    expect(head.status).toBe(200)
    expect(head.headers.get('content-length')).toBe(String((await got.text()).length))
    expect(await head.text()).toBe('')
  })

  it('is not stored, not sniffed and sends no referrer', async () => {
    const { headers } = await serve().send('/v1/cas')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
  })

  it('has the request id of the client where it is well-formed, else a new one', async () => {
    const { send } = serve()
    const idFor = async (id: string) =>
      (await send('/v1/cas', { headers: { 'x-request-id': id } })).headers.get('x-request-id')
    expect(await idFor('trace-7.a_b')).toBe('trace-7.a_b')
    expect(await idFor('a b"')).toMatch(/^[0-9a-f-]{36}$/)
    expect(await idFor('a'.repeat(65))).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('leaves one log line: the pattern of the route, never the path, the query or the credential', async () => {
    const lines: unknown[][] = []
    const log = (...line: unknown[]) => lines.push(line)
    const { send } = serve({}, { logger: { info: log, warn: log, error: log } })
    await send(`/v1/cas/${caId}?secret=1`, { headers: { 'x-request-id': 'r' } })
    expect(lines).toEqual([
      [
        {
          requestId: 'r',
          method: 'GET',
          route: '/v1/cas/:id',
          principalId: 'key-1',
          status: 200,
          code: undefined,
          ms: expect.any(Number),
        },
        'request',
      ],
    ])
  })

  it('is found below the base path and nowhere else', async () => {
    const { send } = serve({}, { basePath: '/pki' })
    expect((await send('/pki/v1/cas')).status).toBe(200)
    expect((await send('/v1/cas')).status).toBe(404)
    expect((await send('/pkix/v1/cas')).status).toBe(404)
  })
})

it.each([
  { basePath: '/pki/' },
  { basePath: 'pki' },
  { maxBodyBytes: 0 },
  { rateLimits: { generalPerMinute: 0 } },
])('an option out of bounds is a mistake of the programmer: %o', (options) => {
  expect(() => createHandler(fakeAuthority(), options)).toThrow(/Cannot/)
})
