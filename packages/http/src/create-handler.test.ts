import { PkiError } from '@certwright/core'
import { describe, expect, it } from 'vitest'
import { createHandler } from './create-handler.js'
import { caId, certificateId, fakeAuthority, goodKey } from './fake-authority.js'
import type { HandlerOptions } from './options.js'

const base = 'http://pki.test'
const authorization = `Bearer ${goodKey}`

type Init = Omit<RequestInit, 'headers'> & { readonly headers?: Readonly<Record<string, string>> }

function serve(answers: Parameters<typeof fakeAuthority>[0] = {}, options: HandlerOptions = {}) {
  const authority = fakeAuthority(answers)
  const handler = createHandler(authority, options)
  const send = (path: string, init: Init = {}) =>
    handler(new Request(base + path, { ...init, headers: { authorization, ...init.headers } }), {
      remoteAddress: '192.0.2.9',
    })
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    send(path, {
      method: 'POST',
      body:
        typeof body === 'string' || body instanceof Uint8Array ? (body as BodyInit) : JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    })
  return { authority, handler, send, post }
}

async function refusalOf(response: Response): Promise<[number, string | null]> {
  const body = await response.json()
  expect(body).toEqual({ error: expect.any(String) })
  return [response.status, response.headers.get('certwright-error')]
}

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

describe('refusals', () => {
  const issuing = '/v1/certificates'

  it.each([
    ['malformed JSON', '{', 400, 'malformed_json'],
    ['a list instead of an object', '[]', 400, 'malformed_json'],
    ['no body', '', 400, 'malformed_json'],
    ['a body that is no UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), 400, 'malformed_json'],
    ['a CA id that is no UUID', { caId: 'x' }, 400, 'invalid_request'],
    ['no CA id', {}, 400, 'invalid_request'],
    ['a wrong type', { caId, sanDns: 'api.example.com' }, 400, 'invalid_request'],
    [
      'a key algorithm that the API does not have',
      { caId, keyAlgorithm: 'RSA-1024' },
      400,
      'invalid_request',
    ],
    ['a field named __proto__', `{"caId":"${caId}","__proto__":{"mode":"csr"}}`, 400, 'invalid_request'],
    ['more than 64 KiB', { caId, csrPem: 'x'.repeat(70_000) }, 413, 'body_too_large'],
  ])('%s', async (_case, body, status, code) => {
    const { post, authority } = serve()
    expect(await refusalOf(await post(issuing, body))).toEqual([status, code])
    expect(authority.calls.map(({ name }) => name)).not.toContain('issue')
  })

  it('an unknown field is refused by its name, with the one that was meant', async () => {
    const { error } = await (await serve().post(issuing, { caId, sanDNS: ['x'] })).json()
    expect(error).toBe('Cannot read body: "sanDNS" is not known, did you mean "sanDns"')
  })

  it('the value of a refused field is not told', async () => {
    const { error } = await (await serve().post(issuing, { caId, caPassphrase: ['hunter2'] })).json()
    expect(error).toBe('Cannot read body: "caPassphrase" must be a string')
  })

  it('another content type', async () => {
    const response = await serve().post(issuing, '{}', { 'content-type': 'text/plain' })
    expect(await refusalOf(response)).toEqual([415, 'unsupported_media_type'])
  })

  it('a compressed body', async () => {
    const response = await serve().post(issuing, '{}', { 'content-encoding': 'gzip' })
    expect(await refusalOf(response)).toEqual([415, 'unsupported_media_type'])
  })

  it.each([
    ['without Content-Length', {}],
    ['whose Content-Length is a lie', { 'content-length': '2' }],
  ])('a body %s is counted while it arrives, and not read to its end', async (_case, told) => {
    let sent = 0
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 16_384
        controller.enqueue(new Uint8Array(16_384).fill(0x20))
      },
    })
    const init = {
      method: 'POST',
      body: endless,
      duplex: 'half',
      headers: { 'content-type': 'application/json', ...told },
    }
    expect(await refusalOf(await serve().send(issuing, init))).toEqual([413, 'body_too_large'])
    expect(sent).toBeLessThan(200_000)
  })

  it.each([
    ['/v1/cas/x'],
    ['/v1/cas?parentCaId=x'],
    ['/v1/cas?type=leaf'],
    ['/v1/cas?type=root&type=all'],
    ['/v1/certificates?page=0'],
    ['/v1/certificates?pageSize=101'],
    ['/v1/certificates?pageSize=1e1'],
    ['/v1/certificates?expiringInDays=-1'],
    ['/v1/certificates?createdFrom=2026-02-30'],
    ['/v1/certificates?createdFrom=yesterday'],
    ['/v1/certificates?ca_id=550e8400-e29b-41d4-a716-446655440000'],
    ['/crl/x'],
  ])('%s', async (path) => {
    expect(await refusalOf(await serve().send(path))).toEqual([400, 'invalid_request'])
  })

  it('a query parameter that resembles none of ours is left alone', async () => {
    expect((await serve().send('/v1/cas?utm_source=mail')).status).toBe(200)
  })

  it.each([
    ['/v1/nothing', 'GET', 404, 'route_not_found', null],
    ['/v1/cas/', 'GET', 404, 'route_not_found', null],
    ['/v1/cas', 'DELETE', 405, 'method_not_allowed', 'GET, HEAD'],
    ['/v1/certificates', 'PUT', 405, 'method_not_allowed', 'GET, HEAD, POST'],
    [`/v1/certificates/${certificateId}/revoke`, 'GET', 405, 'method_not_allowed', 'POST'],
  ])('%s with %s', async (path, method, status, code, allow) => {
    const response = await serve().send(path, { method })
    expect(response.headers.get('allow')).toBe(allow)
    expect(await refusalOf(response)).toEqual([status, code])
  })

  it.each([
    undefined,
    'Basic Y206',
    'Bearer',
    'Bearer cm_ good',
    `Bearer ${'a'.repeat(600)}`,
    'Bearer cm_bad',
  ])('the credential %s', async (value) => {
    const { handler } = serve()
    const headers = value === undefined ? {} : { authorization: value }
    const response = await handler(new Request(`${base}/v1/whoami`, { headers }))
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
    expect(await response.clone().text()).not.toContain('cm_bad')
    expect(await refusalOf(response)).toEqual([401, 'invalid_credentials'])
  })

  it('a refusal of the authority keeps its sentence, its code and its Retry-After', async () => {
    const error = new PkiError(
      'idempotency_in_progress',
      'Cannot issue certificate: the first request still runs',
      {
        retryAfterSeconds: 3,
      },
    )
    const response = await serve({ issue: () => Promise.reject(error) }).post(issuing, { caId })
    expect(response.headers.get('retry-after')).toBe('3')
    expect((await response.clone().json()).error).toBe(error.message)
    expect(await refusalOf(response)).toEqual([409, 'idempotency_in_progress'])
  })

  it.each([
    [new Error('relation "keys" does not exist'), 500, 'internal_error'],
    ['a thrown string', 500, 'internal_error'],
    [new PkiError('custody_key_not_found', 'secret place', { keyId: 'k' }), 500, 'custody_key_not_found'],
    [
      new PkiError('storage_unavailable', 'db.internal:5432', { retryable: true }),
      503,
      'storage_unavailable',
    ],
  ])('a failure on our side is told to the logger alone: %s', async (failure, status, code) => {
    const lines: unknown[][] = []
    const log = (...line: unknown[]) => lines.push(line)
    const options = { logger: { info: log, warn: log, error: log } }
    const response = await serve({ getCa: () => Promise.reject(failure) }, options).send(`/v1/cas/${caId}`)
    const text = await response.clone().text()
    expect(text).toContain(response.headers.get('x-request-id'))
    expect(text).not.toMatch(/relation|thrown|secret|internal:/)
    expect(await refusalOf(response)).toEqual([status, code])
    expect(lines[0]).toEqual([expect.objectContaining({ err: failure }), 'request failed'])
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
