import { beforeAll, describe, expect, it } from 'vitest'
import { type CallOptions, createPki, day, passphrase, type Pki } from './setup.js'
import { documented, faultsOf } from './shapes.js'

/* Requests that are refused: with the documented body, the right status, a sentence that says what to change, and
   nothing changed in the store, not even a serial number spent. */

let pki: Pki
beforeAll(async () => {
  pki = await createPki()
})

interface Refusal {
  readonly status: number
  readonly code: string
  readonly says: RegExp
}

async function expectRefusal(
  method: string,
  path: string,
  options: CallOptions,
  refusal: Refusal,
): Promise<void> {
  const before = await pki.snapshot()
  const { status, headers, json } = await pki.call(method, path, options)
  expect([status, headers.get('certwright-error'), json.error]).toEqual([
    refusal.status,
    refusal.code,
    expect.stringMatching(refusal.says),
  ])
  expect(faultsOf(json, documented.error)).toEqual([])
  expect(await pki.snapshot()).toEqual(before)
}

const expectIssueRefusal = (options: CallOptions, refusal: Refusal) =>
  expectRefusal('POST', '/v1/certificates', options, refusal)

const withSans = (length: number) => ({
  body: pki.managed({ sanDns: Array.from({ length }, () => 'a.b') }),
})

describe('bodies that are no request', () => {
  it.each([
    ['nothing', ''],
    ['half an object', '{"caId": '],
    ['two objects', '{} {}'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a text', '"caId"'],
    ['NaN', '{"validityDays": NaN}'],
    ['a comment', '{} // yes'],
    ['100,000 levels, which is also too large', '['.repeat(100_000)],
    ['60,000 levels', '['.repeat(60_000)],
    ['60,000 levels, closed', `${'['.repeat(30_000)}${']'.repeat(30_000)}`],
  ])('%s', async (_case, body) => {
    const isTooLarge = body.length > 65_536
    await expectIssueRefusal(
      { body },
      isTooLarge
        ? { status: 413, code: 'body_too_large', says: /more than 65536 bytes/ }
        : { status: 400, code: 'malformed_json', says: /^Cannot read body: it (is|must)/ },
    )
  })

  it('20,000 levels inside a known field', async () => {
    const body = `{"caId":"${pki.cas.issuing}","sanDns":${'['.repeat(20_000)}${']'.repeat(20_000)}}`
    await expectIssueRefusal(
      { body },
      { status: 400, code: 'invalid_request', says: /"sanDns\[0\]" must be a string/ },
    )
  })

  it('a byte that is no UTF-8', async () => {
    const body = new Uint8Array([...new TextEncoder().encode('{"caId":"'), 0xff, 0x22, 0x7d])
    await expectIssueRefusal({ body }, { status: 400, code: 'malformed_json', says: /UTF-8/ })
  })

  it.each([
    ['with Content-Length', () => 'x'.repeat(2_000_000)],
    [
      'streamed, without Content-Length',
      () =>
        new ReadableStream<Uint8Array>({
          pull: (controller) => controller.enqueue(new Uint8Array(100_000).fill(0x20)),
        }),
    ],
  ])('2 MB and more %s', async (_case, body) => {
    await expectIssueRefusal(
      { body: body() },
      { status: 413, code: 'body_too_large', says: /more than 65536 bytes/ },
    )
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', ''])(
    'the content type "%s"',
    async (type) => {
      await expectIssueRefusal(
        { body: JSON.stringify(pki.managed()), headers: { 'content-type': type } },
        { status: 415, code: 'unsupported_media_type', says: /Content-Type: application\/json/ },
      )
    },
  )

  it('JSON with a charset is JSON', async () => {
    const headers = { 'content-type': 'Application/JSON; charset=UTF-8' }
    expect((await pki.call('POST', '/v1/certificates', { body: pki.managed(), headers })).status).toBe(200)
  })
})

describe('fields', () => {
  it.each([
    [{ caId: undefined }, /"caId" is required/],
    [{ caId: 4 }, /"caId" must be a string/],
    [{ mode: 'Managed' }, /"mode" must be one of "managed", "csr"/],
    [{ commonName: ['a.example.com'] }, /"commonName" must be a string/],
    [{ commonName: undefined }, /commonName.*managed mode/],
    [{ commonName: '' }, /commonName.*managed mode/],
    [{ commonName: null }, /"commonName" must be a string/],
    [{ sanDns: 'a.example.com' }, /"sanDns" must be a list/],
    [{ sanDns: ['a.example.com', 5] }, /"sanDns\[1\]" must be a string/],
    [{ sanIp: {} }, /"sanIp" must be a list/],
    [{ keyAlgorithm: 'RSA-1024' }, /"keyAlgorithm" must be one of "RSA-2048"/],
    [{ keyAlgorithm: 'ecdsa-p256' }, /"keyAlgorithm" must be one of/],
    [{ validityDays: '365' }, /"validityDays" must be a/],
    [{ validityDays: 1.5 }, /"validityDays" must be a whole number/],
    [{ validityDays: 1e21 }, /"validityDays" must be/],
    [{ mode: 'csr' }, /csrPem.*csr mode/],
    [{ csrPem: 'x' }, /csrPem.*csr mode/],
    [{ caPassphrase: true }, /"caPassphrase" must be a string/],
    [
      { sanDNS: [], sanIP: [] },
      /"sanDNS" is not known, did you mean "sanDns"; "sanIP" is not known, did you mean "sanIp"/,
    ],
    [{ isCa: true }, /"isCa" is not known/],
    [{ workspaceId: 'x' }, /"workspaceId" is not known/],
    [{ sanEmail: ['a@example.com'] }, /"sanEmail" is not known/],
  ])('%j', async (change, says) => {
    await expectIssueRefusal({ body: pki.managed(change) }, { status: 400, code: 'invalid_request', says })
  })

  it.each(['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString'])(
    'a field with the name %s is refused by that name, and changes nothing for others',
    async (name) => {
      const body = `{"caId":"${pki.cas.issuing}","commonName":"a.example.com","${name}":{"isAdmin":true}}`
      await expectIssueRefusal(
        { body },
        { status: 400, code: 'invalid_request', says: new RegExp(`"${name}" is not known`) },
      )
      expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined()
    },
  )

  it('the name of an unknown field is cut, and at most ten are told', async () => {
    const names = Array.from({ length: 50 }, (_, index) => [`${index}${'x'.repeat(1000)}`, 1])
    const body = pki.managed(Object.fromEntries(names))
    await expectIssueRefusal({ body }, { status: 400, code: 'invalid_request', says: /^(?:.|\n){0,3000}$/ })
  })
})

describe('names', () => {
  it.each([
    [{ sanDns: ['a\0.example.com'] }, 'name_refused', /control character/],
    [{ commonName: 'a\0.example.com' }, 'name_refused', /control character/],
    [{ commonName: 'good.example.com\r\nX-Evil: 1' }, 'name_refused', /control character|white space/],
    [{ sanDns: [`${'a'.repeat(64)}.example.com`] }, 'name_refused', /label of 64 octets where at most 63/],
    [{ sanDns: [`${'a.'.repeat(126)}com`] }, 'name_refused', /255 characters where at most 253/],
    [{ sanDns: ['example.com.'] }, 'name_refused', /ends in a dot; write it without/],
    [{ sanDns: ['a..example.com'] }, 'name_refused', /empty label/],
    [{ sanDns: ['a.*.example.com'] }, 'name_refused', /whole leftmost label/],
    [{ sanDns: ['w*.example.com'] }, 'name_refused', /whole leftmost label/],
    [{ sanDns: ['*'] }, 'name_refused', /top-level domain/],
    [{ sanDns: ['bücher.example'] }, 'name_refused', /A-label "xn--bcher-kva.example"/],
    [{ sanDns: ['xn--a.example'] }, 'name_refused', /no valid A-label/],
    [{ sanDns: ['192.0.2.1'] }, 'name_refused', /ask for an IP address instead/],
    [{ sanDns: ['https://example.com'] }, 'name_refused', /letters, digits and inner hyphens/],
    [{ sanDns: [''] }, 'name_refused', /is empty/],
    [{ sanIp: ['192.0.2.256'] }, 'name_refused', /192\.0\.2\.256/],
    [{ sanIp: ['192.0.2.0/24'] }, 'name_refused', /192\.0\.2\.0\/24/],
    [{ sanIp: ['010.0.0.1'] }, 'name_refused', /010\.0\.0\.1/],
    [{ sanIp: ['fe80::1%eth0'] }, 'name_refused', /fe80::1%eth0/],
    [{ commonName: 'x'.repeat(65) }, 'name_refused', /65 characters where at most 64/],
    [{ commonName: ' ' }, 'name_refused', /is empty/],
    [{ commonName: 'a\u202eb' }, 'name_refused', /control character/],
    [
      { sanDns: Array.from({ length: 101 }, (_, i) => `a${i}.example.com`) },
      'request_too_large',
      /10[12] names where at most 100/,
    ],
    [{ profile: 'nope' }, 'unknown_profile', /"nope"/],
    [{ profile: 'ocspSigning' }, 'profile_refused', /delegates authority/],
    [{ profile: '__proto__' }, 'unknown_profile', /__proto__/],
  ])('%j', async (change, code, says) => {
    await expectIssueRefusal({ body: pki.managed(change) }, { status: 400, code, says })
  })

  it('10,000 of them are refused, by the number or by their size', async () => {
    await expectIssueRefusal(withSans(10_000), {
      status: 400,
      code: 'request_too_large',
      says: /10000 names where at most 100/,
    })
    await expectIssueRefusal(withSans(10_001), { status: 400, code: 'invalid_request', says: /sanDns/ })
    await expectIssueRefusal(withSans(11_000), {
      status: 413,
      code: 'body_too_large',
      says: /more than 65536 bytes/,
    })
  })

  it('100 are given', async () => {
    const sanDns = Array.from({ length: 100 }, (_, i) => `a${i}.example.com`)
    expect((await pki.issue({ commonName: 'a0.example.com', sanDns })).san_dns).toEqual(sanDns)
  })
})

it.each([
  [-1, /validityDays is -1 .* allows 1 to 397/],
  [0, /validityDays is 0 .* allows 1 to 397/],
  [398, /validityDays is 398 .* allows 1 to 397/],
  [9_007_199_254_740_991, /allows 1 to 397/],
])('validityDays %i', async (validityDays, says) => {
  await expectIssueRefusal(
    { body: pki.managed({ validityDays }) },
    { status: 400, code: 'validity_refused', says },
  )
  const { id } = await pki.issue()
  const refusal = { status: 400, code: 'validity_refused', says }
  await expectRefusal('POST', `/v1/certificates/${id}/renew`, { body: { validityDays } }, refusal)
})

describe('a CA that cannot', () => {
  it.each([
    [{}, 'passphrase_required', /passphrase/],
    [{ caPassphrase: '' }, 'wrong_passphrase', /passphrase/],
    [{ caPassphrase: 'Correct horse battery staple' }, 'wrong_passphrase', /passphrase/],
  ])('its passphrase is missing or wrong: %j', async (change, code, says) => {
    const body = pki.managed({ caId: pki.cas.locked, ...change })
    await expectIssueRefusal({ body }, { status: 400, code, says })
  })

  it('revoking and renewing need the passphrase too', async () => {
    const { id } = await pki.issue({ caId: pki.cas.locked, caPassphrase: passphrase })
    for (const action of ['revoke', 'renew']) {
      const path = `/v1/certificates/${id}/${action}`
      await expectRefusal('POST', path, {}, { status: 400, code: 'passphrase_required', says: /passphrase/ })
      const wrong = { body: { caPassphrase: 'wrong' } }
      await expectRefusal('POST', path, wrong, { status: 400, code: 'wrong_passphrase', says: /passphrase/ })
    }
    const right = { body: { caPassphrase: passphrase } }
    expect((await pki.call('POST', `/v1/certificates/${id}/renew`, right)).status).toBe(200)
    expect((await pki.call('POST', `/v1/certificates/${id}/revoke`, right)).status).toBe(200)
  })

  it('is expired', async () => {
    const old = await createPki()
    const { id } = await old.issue({ caId: old.cas.shortLived })
    old.clock.advance(30 * day)
    const before = await old.snapshot()
    const issued = await old.call('POST', '/v1/certificates', {
      body: old.managed({ caId: old.cas.shortLived }),
    })
    const renewed = await old.call('POST', `/v1/certificates/${id}/renew`)
    for (const { status, headers, json } of [issued, renewed]) {
      expect([status, headers.get('certwright-error')]).toEqual([400, 'ca_expired'])
      expect(json.error).toMatch(/"Short-lived" .*expired at 2026-03-31T.*; choose another CA/)
    }
    expect(await old.snapshot()).toEqual(before)
    expect((await old.call('POST', `/v1/certificates/${id}/revoke`)).status).toBe(200)
  })
})

it('a CA below one that is revoked', async () => {
  const old = await createPki()
  await old.authority.revokeCa({ caId: old.cas.root }, old.operator)
  const before = await old.snapshot()
  const { status, headers, json } = await old.call('POST', '/v1/certificates', { body: old.managed() })
  expect([status, headers.get('certwright-error')]).toEqual([400, 'ca_revoked'])
  expect(json.error).toMatch(/"Production Root CA" is revoked/)
  expect(await old.snapshot()).toEqual(before)
})

describe('renewal and revocation', () => {
  it('of what is revoked, or on hold', async () => {
    for (const reason of ['superseded', 'certificateHold']) {
      const { id } = await pki.issue()
      await pki.call('POST', `/v1/certificates/${id}/revoke`, { body: { reason } })
      const refusal = {
        status: 409,
        code: 'already_revoked',
        says: /it was revoked at .*; issue a new one instead/,
      }
      await expectRefusal('POST', `/v1/certificates/${id}/renew`, {}, refusal)
    }
  })

  it('a reason that is none', async () => {
    const { id } = await pki.issue()
    for (const reason of ['removeFromCRL', 'aACompromise', 'KeyCompromise', '', 1]) {
      const refusal = { status: 400, code: 'invalid_request', says: /"reason" must be one of "unspecified"/ }
      await expectRefusal('POST', `/v1/certificates/${id}/revoke`, { body: { reason } }, refusal)
    }
  })
})

describe('places', () => {
  it.each([
    ['GET', '/', 404, 'route_not_found'],
    ['GET', '/v1', 404, 'route_not_found'],
    ['GET', '/v1/cas/', 404, 'route_not_found'],
    ['GET', '/V1/cas', 404, 'route_not_found'],
    ['GET', '/v1//cas', 404, 'route_not_found'],
    ['GET', '/v2/cas', 404, 'route_not_found'],
    ['GET', '/__proto__', 404, 'route_not_found'],
    ['POST', '/v1/whoami', 405, 'method_not_allowed'],
    ['POST', '/v1/cas', 405, 'method_not_allowed'],
    ['PUT', '/v1/certificates', 405, 'method_not_allowed'],
    ['PATCH', '/crl/x', 405, 'method_not_allowed'],
    ['OPTIONS', '/v1/cas', 405, 'method_not_allowed'],
  ])('%s %s', async (method, path, status, code) => {
    const says = status === 404 ? /none at this path/ : /allowed is/
    await expectRefusal(method, path, {}, { status, code, says })
  })
})

describe('credentials: 401, one answer for all', () => {
  const anotherKey = `cm_${'A'.repeat(43)}`
  it.each([
    ['none', null, {}],
    ['an empty one', null, { authorization: '' }],
    ['another scheme', null, { authorization: 'Basic dXNlcjpwYXNz' }],
    ['a scheme alone', null, { authorization: 'Bearer' }],
    ['garbage', 'garbage', {}],
    ['a key of the right form', anotherKey, {}],
    ['an OAuth token', 'cm_oauth_xxxxxxxxxxxx', {}],
    ['4 KB', 'A'.repeat(4096), {}],
    ['two of them', null, { authorization: `Bearer ${anotherKey}, Bearer ${anotherKey}` }],
  ])('%s', async (_case, key, headers) => {
    await expectRefusal(
      'GET',
      '/v1/whoami',
      { key, headers },
      { status: 401, code: 'invalid_credentials', says: /^Cannot authenticate: / },
    )
    const { headers: given } = await pki.call('GET', '/v1/whoami', { key, headers })
    expect(given.get('www-authenticate')).toBe('Bearer')
  })

  it('the right key with one character changed, or with more behind it', async () => {
    const { secret } = pki.keys.full
    for (const key of [
      `${secret.slice(0, -1)}${secret.endsWith('A') ? 'B' : 'A'}`,
      `${secret}A`,
      secret.toUpperCase(),
    ]) {
      expect((await pki.call('GET', '/v1/whoami', { key })).status).toBe(401)
    }
  })

  it('a key that has expired', async () => {
    const old = await createPki()
    const { secret: key } = old.keys.expiring
    expect((await old.call('GET', '/v1/whoami', { key })).status).toBe(200)
    old.clock.advance(3_600_000)
    expect((await old.call('GET', '/v1/whoami', { key })).status).toBe(401)
  })

  it('come before everything else that is wrong', async () => {
    const refusal = { status: 401, code: 'invalid_credentials', says: /./ }
    await expectRefusal('POST', '/v1/certificates', { key: null, body: 'x'.repeat(70_000) }, refusal)
    await expectRefusal('GET', '/v1/cas/nope', { key: null }, refusal)
  })
})
