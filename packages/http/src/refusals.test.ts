import { PkiError } from '@certwright/core'
import { describe, expect, it } from 'vitest'
import { caId, certificateId } from './fake-authority.js'
import { base, serve, refusalOf } from './test-serving.js'

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
