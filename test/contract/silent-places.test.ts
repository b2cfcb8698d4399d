import { X509Certificate } from 'node:crypto'
import { cRLDistributionPoints, findExtension, parseCertificate } from '@certwright/core'
import { beforeEach, describe, expect, it } from 'vitest'
import { csr } from './csr.js'
import { absentId, type Answer, createPki, day, type Pki } from './setup.js'
import { documented, faultsOf } from './shapes.js'

/* Where the API document is silent. Each row of the architecture's table, by its sentence. */

let pki: Pki
beforeEach(async () => {
  pki = await createPki()
})

/** Status, headers and body, with one id for any, without the id of the request. */
const lookOf = ({ status, headers, text }: Answer, id: string) => ({
  status,
  headers: [...headers].filter(([name]) => name !== 'x-request-id'),
  text: text.replaceAll(id, 'ID'),
})

const code = ({ headers }: Answer): string | null => headers.get('certwright-error')
const daysOf = (certificate: { valid_from: string; valid_to: string }): number =>
  (Date.parse(certificate.valid_to) + 1000 - Date.parse(certificate.valid_from)) / day

describe('id that is no UUID: 400', () => {
  it.each([
    ['GET', '/v1/cas/nope'],
    ['GET', '/v1/cas/550e8400-e29b-41d4-a716-44665544000/chain'],
    ['GET', '/v1/certificates/550e8400e29b41d4a716446655440000'],
    ['GET', '/v1/certificates?caId=nope'],
    ['GET', '/v1/cas?parentCaId=nope'],
    ['POST', '/v1/certificates/%00/revoke'],
    ['POST', '/v1/certificates/..%2f..%2fcas/renew'],
    ['GET', '/crl/nope'],
    ['GET', '/ca/nope'],
    ['GET', '/ocsp/nope/MEUwQw'],
  ])('%s %s', async (method, path) => {
    const answer = await pki.call(method, path)
    expect([answer.status, code(answer), faultsOf(answer.json, documented.error)]).toEqual([
      400,
      'invalid_request',
      [],
    ])
    expect(answer.json.error).toMatch(/must be a UUID/)
  })

  it('in the body', async () => {
    const answer = await pki.call('POST', '/v1/certificates', { body: pki.managed({ caId: 'nope' }) })
    expect([answer.status, answer.json.error]).toEqual([400, 'Cannot read body: "caId" must be a UUID'])
  })

  it('capitals are the same id', async () => {
    expect((await pki.call('GET', `/v1/cas/${pki.cas.root.toUpperCase()}`)).status).toBe(200)
  })
})

describe('resource of a CA on which the principal has no permission at all: 404, the same as for one that does not exist', () => {
  it.each([
    ['foreign', 'another workspace'],
    ['lockedOnly', 'the same workspace, without a grant'],
  ] as const)('with the key %s: %s', async (name, _why) => {
    const { secret: key } = pki.keys[name]
    const { id: certificateId } = await pki.issue()
    const requests = (caId: string, certificateId: string) => [
      pki.call('GET', `/v1/cas/${caId}`, { key }),
      pki.call('GET', `/v1/cas/${caId}/chain`, { key }),
      pki.call('GET', `/v1/certificates?caId=${caId}`, { key }),
      pki.call('GET', `/v1/certificates/${certificateId}`, { key }),
      pki.call('POST', '/v1/certificates', { key, body: pki.managed({ caId }) }),
      pki.call('POST', `/v1/certificates/${certificateId}/revoke`, { key }),
      pki.call('POST', `/v1/certificates/${certificateId}/renew`, { key }),
    ]
    const before = await pki.snapshot()
    const foreign = await Promise.all(requests(pki.cas.issuing, certificateId))
    const absent = await Promise.all(requests(absentId, absentId))
    for (const [index, answer] of foreign.entries()) {
      const id = index < 3 || index === 4 ? pki.cas.issuing : certificateId
      expect(answer.status).toBe(404)
      expect(lookOf(answer, id)).toEqual(lookOf(absent[index] as Answer, absentId))
    }
    expect(await pki.snapshot()).toEqual(before)
  })

  it('lists do not hold it, whatever is asked for', async () => {
    await pki.issue()
    const { secret: key } = pki.keys.lockedOnly
    const cas = (await pki.call('GET', `/v1/cas?parentCaId=${pki.cas.root}`, { key })).json.cas
    expect(cas.map(({ id }) => id)).toEqual([pki.cas.locked])
    expect((await pki.call('GET', '/v1/certificates', { key })).json.total).toBe(0)
  })

  it('a parent that the key may not read tells nothing by its children', async () => {
    const { secret: key } = pki.keys.foreign
    const of = async (id: string) => (await pki.call('GET', `/v1/cas?parentCaId=${id}`, { key })).text
    expect(await of(pki.cas.root)).toBe(await of(absentId))
  })
})

describe('resource it can read, action it lacks: 403', () => {
  it.each([
    ['readOnly', 'issue'],
    ['readOnly', 'renew'],
    ['readOnly', 'revoke'],
    ['issueOnly', 'revoke'],
    ['issueOnly', 'read'],
    ['revokeOnly', 'issue'],
    ['revokeOnly', 'renew'],
    ['revokeOnly', 'read'],
  ] as const)('%s: %s', async (name, action) => {
    const { id } = await pki.issue()
    const before = await pki.snapshot()
    const { secret: key } = pki.keys[name]
    const answers = {
      issue: () => [pki.call('POST', '/v1/certificates', { key, body: pki.managed() })],
      renew: () => [pki.call('POST', `/v1/certificates/${id}/renew`, { key })],
      revoke: () => [pki.call('POST', `/v1/certificates/${id}/revoke`, { key })],
      read: () => [
        pki.call('GET', `/v1/cas/${pki.cas.issuing}`, { key }),
        pki.call('GET', `/v1/cas/${pki.cas.issuing}/chain`, { key }),
        pki.call('GET', `/v1/certificates?caId=${pki.cas.issuing}`, { key }),
        pki.call('GET', `/v1/certificates/${id}`, { key }),
      ],
    }[action]()
    for (const answer of await Promise.all(answers)) {
      expect([answer.status, code(answer), faultsOf(answer.json, documented.error)]).toEqual([
        403,
        'permission_denied',
        [],
      ])
      const right = action === 'renew' ? 'issue' : action
      expect(answer.json.error).toContain(`lack its "${right}" right`)
    }
    expect(await pki.snapshot()).toEqual(before)
  })

  it('and each does what it may', async () => {
    const { secret: issueOnly } = pki.keys.issueOnly
    const { status, json } = await pki.call('POST', '/v1/certificates', {
      key: issueOnly,
      body: pki.managed(),
    })
    expect(status).toBe(200)
    const path = `/v1/certificates/${json.certificate.id}`
    expect((await pki.call('GET', path, { key: pki.keys.readOnly.secret })).status).toBe(200)
    expect((await pki.call('POST', `${path}/revoke`, { key: pki.keys.revokeOnly.secret })).status).toBe(200)
  })
})

describe('revoked CA', () => {
  it('left out of the list', async () => {
    const ids = (await pki.call('GET', '/v1/cas')).json.cas.map(({ id }) => id)
    const { root, issuing, shortLived, locked } = pki.cas
    expect(ids).toEqual([root, issuing, shortLived, locked])
  })

  it('readable by id', async () => {
    const { status, json } = await pki.call('GET', `/v1/cas/${pki.cas.revoked}`)
    expect([status, json.ca.revocation_reason]).toEqual([200, 'cessationOfOperation'])
    expect(json.ca.revoked_at).toMatch(/^2026-03-01T12:/)
  })

  it('issuing from it, and renewing what it issued, is 400', async () => {
    const { certificates } = (await pki.call('GET', `/v1/certificates?caId=${pki.cas.revoked}`)).json
    const before = await pki.snapshot()
    const issued = await pki.call('POST', '/v1/certificates', {
      body: pki.managed({ caId: pki.cas.revoked }),
    })
    const renewed = await pki.call('POST', `/v1/certificates/${certificates[0]?.id}/renew`)
    for (const answer of [issued, renewed]) {
      expect([answer.status, code(answer)]).toEqual([400, 'ca_revoked'])
      expect(answer.json.error).toBe('Cannot sign: CA "Revoked" is revoked; choose another CA')
    }
    expect(await pki.snapshot()).toEqual(before)
  })

  it('what it issued can be revoked', async () => {
    const { certificates } = (await pki.call('GET', `/v1/certificates?caId=${pki.cas.revoked}`)).json
    expect((await pki.call('POST', `/v1/certificates/${certificates[0]?.id}/revoke`)).status).toBe(200)
  })
})

describe('revoke twice: 409; the first reason and time stand', () => {
  it('once revoked', async () => {
    const { id } = await pki.issue()
    await pki.call('POST', `/v1/certificates/${id}/revoke`, { body: { reason: 'keyCompromise' } })
    const first = (await pki.call('GET', `/v1/certificates/${id}`)).json.certificate
    pki.clock.advance(60_000)
    const before = await pki.snapshot()
    for (const reason of ['keyCompromise', 'superseded', 'certificateHold']) {
      const again = await pki.call('POST', `/v1/certificates/${id}/revoke`, { body: { reason } })
      expect([again.status, code(again)]).toEqual([409, 'already_revoked'])
      expect(again.json.error).toMatch(/revoked already/)
    }
    expect((await pki.call('GET', `/v1/certificates/${id}`)).json.certificate).toEqual(first)
    expect(await pki.snapshot()).toEqual(before)
  })

  it('at the same time: one wins', async () => {
    const { id } = await pki.issue()
    const reasons = ['keyCompromise', 'superseded', 'affiliationChanged', 'privilegeWithdrawn']
    const answers = await Promise.all(
      reasons.map((reason) => pki.call('POST', `/v1/certificates/${id}/revoke`, { body: { reason } })),
    )
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409, 409, 409])
    const winner = answers.find(({ status }) => status === 200)?.json.certificate
    const { revoked_at, revocation_reason } = (await pki.call('GET', `/v1/certificates/${id}`)).json
      .certificate
    expect({ revoked_at, revocation_reason }).toMatchObject({
      revoked_at: winner?.revoked_at,
      revocation_reason: winner?.revocation_reason,
    })
  })

  it('from hold it can be revoked for good, and then no more', async () => {
    const { id } = await pki.issue()
    const revoke = (reason: string) => pki.call('POST', `/v1/certificates/${id}/revoke`, { body: { reason } })
    expect((await revoke('certificateHold')).status).toBe(200)
    expect((await revoke('certificateHold')).status).toBe(409)
    expect((await revoke('keyCompromise')).json.certificate.revocation_reason).toBe('keyCompromise')
    expect((await revoke('certificateHold')).status).toBe(409)
  })
})

describe('validityDays', () => {
  it('absent: 365', async () => {
    expect(daysOf(await pki.issue())).toBe(365)
  })

  it("absent: cut to the issuer's own notAfter", async () => {
    const { ca } = (await pki.call('GET', `/v1/cas/${pki.cas.shortLived}`)).json
    expect((await pki.issue({ caId: pki.cas.shortLived })).valid_to).toBe(ca.valid_to)
  })

  it("given and past the issuer's notAfter: 400", async () => {
    const before = await pki.snapshot()
    const body = pki.managed({ caId: pki.cas.shortLived, validityDays: 31 })
    const answer = await pki.call('POST', '/v1/certificates', { body })
    expect([answer.status, code(answer)]).toEqual([400, 'validity_refused'])
    expect(answer.json.error).toMatch(/31 .*would outlive the issuer, which ends at 2026-03-31T.*; ask for /)
    expect(await pki.snapshot()).toEqual(before)
  })

  it.each([1, 397])('%i is given', async (validityDays) => {
    expect(daysOf(await pki.issue({ validityDays }))).toBe(validityDays)
  })

  it('> 397: 400', async () => {
    const answer = await pki.call('POST', '/v1/certificates', { body: pki.managed({ validityDays: 398 }) })
    expect([answer.status, code(answer)]).toEqual([400, 'validity_refused'])
    expect(answer.json.error).toMatch(/398 .*allows 1 to 397/)
  })

  it.each([
    ['2026-03-14T23:59:59Z', 397],
    ['2026-03-15T00:00:00Z', 200],
    ['2027-03-14T23:59:59Z', 200],
    ['2027-03-15T00:00:00Z', 100],
    ['2029-03-14T23:59:59Z', 100],
    ['2029-03-15T00:00:00Z', 47],
  ])('the public-TLS profile follows the CA/B calendar: at %s up to %i days', async (now, days) => {
    pki.clock.setTo(now)
    const ask = (validityDays: number) =>
      pki.call('POST', '/v1/certificates', {
        body: pki.managed({ profile: 'publicServerAuth', validityDays }),
      })
    expect((await ask(days)).status).toBe(200)
    const more = await ask(days + 1)
    expect([more.status, code(more)]).toEqual([400, 'validity_refused'])
  })
})

it('keyAlgorithm absent: ECDSA-P256', async () => {
  const { id } = await pki.issue()
  expect((await pki.call('GET', `/v1/certificates/${id}`)).json.certificate.key_algorithm).toBe('ECDSA-P256')
})

it.each([
  ['www.example.com', { san_dns: ['www.example.com'], san_ip: [] }],
  ['*.example.com', { san_dns: ['*.example.com'], san_ip: [] }],
  ['192.0.2.7', { san_dns: [], san_ip: ['192.0.2.7'] }],
  ['2001:DB8:0::7', { san_dns: [], san_ip: ['2001:db8::7'] }],
  ['Ada Lovelace', { san_dns: [], san_ip: [] }],
])('common name that is a DNS name or an IP: also a SAN (%s)', async (commonName, names) => {
  const certificate = await pki.issue({ commonName })
  expect(certificate).toMatchObject(names)
  const { subjectAltName } = new X509Certificate(certificate.certificate_pem)
  expect(subjectAltName === undefined).toBe(names.san_dns.length + names.san_ip.length === 0)
})

describe('names in CSR mode', () => {
  const csrPem = csr({ commonName: 'csr.example.com', sanDns: ['csr.example.com', 'two.example.com'] })
  const issueFrom = (change: object = {}) =>
    pki.issue({ mode: 'csr', csrPem, commonName: undefined, ...change })

  it("the CSR's subject and SAN, where the body gives none", async () => {
    expect(await issueFrom()).toMatchObject({
      common_name: 'csr.example.com',
      san_dns: ['csr.example.com', 'two.example.com'],
    })
  })

  it('those of the body, where given', async () => {
    const change = { commonName: 'body.example.com', sanDns: ['three.example.com'], sanIp: ['192.0.2.3'] }
    expect(await issueFrom(change)).toMatchObject({
      common_name: 'body.example.com',
      san_dns: ['body.example.com', 'three.example.com'],
      san_ip: ['192.0.2.3'],
    })
  })

  it.each([
    ['the CSR', { csrPem: csr({ sanDns: ['*.com'] }) }],
    ['the body', { sanDns: ['*.com'] }],
  ])(
    "either way through the profile's name rules: a wildcard below a top-level domain in %s",
    async (_where, change) => {
      const body = { caId: pki.cas.issuing, mode: 'csr', csrPem, ...change }
      const answer = await pki.call('POST', '/v1/certificates', { body })
      expect([answer.status, code(answer)]).toEqual([400, 'name_refused'])
      expect(answer.json.error).toContain('"*.com"')
    },
  )
})

it.each([
  ['/v1/certificates', { sanDNS: ['a.example.com'] }, 'sanDNS', 'sanDns'],
  ['/v1/certificates', { keyAlgoritm: 'RSA-2048' }, 'keyAlgoritm', 'keyAlgorithm'],
  ['/v1/certificates/ID/revoke', { Reason: 'keyCompromise' }, 'Reason', 'reason'],
  ['/v1/certificates/ID/renew', { validity_days: 3 }, 'validity_days', 'validityDays'],
])('unknown field in a body: 400 that names it (%s %o)', async (path, change, field, meant) => {
  const { id } = await pki.issue()
  const before = await pki.snapshot()
  const body = path.endsWith('certificates') ? pki.managed(change) : change
  const answer = await pki.call('POST', path.replace('ID', id), { body })
  expect([answer.status, code(answer)]).toEqual([400, 'invalid_request'])
  expect(answer.json.error).toBe(`Cannot read body: "${field}" is not known, did you mean "${meant}"`)
  expect(await pki.snapshot()).toEqual(before)
})

it('body over 64 KiB 413; wrong content type 415; unknown route 404; wrong method 405: all with the documented error body', async () => {
  const answers = [
    await pki.call('POST', '/v1/certificates', { body: ' '.repeat(65_537) }),
    await pki.call('POST', '/v1/certificates', { body: '{}', headers: { 'content-type': 'text/plain' } }),
    await pki.call('GET', '/v1/nothing'),
    await pki.call('DELETE', '/v1/certificates'),
  ]
  expect(answers.map(({ status }) => status)).toEqual([413, 415, 404, 405])
  expect(answers.map(code)).toEqual([
    'body_too_large',
    'unsupported_media_type',
    'route_not_found',
    'method_not_allowed',
  ])
  for (const { json } of answers) expect(faultsOf(json, documented.error)).toEqual([])
  expect(answers[3]?.headers.get('allow')).toBe('GET, HEAD, POST')
  // 64 KiB themselves are taken: what is refused is what stands in them.
  expect((await pki.call('POST', '/v1/certificates', { body: '{}'.padEnd(65_536) })).status).toBe(400)
})

describe('CRL, OCSP, issuer certificate: public, unauthenticated, cacheable', () => {
  it('every leaf carries the matching CDP and AIA', async () => {
    const { certificate_pem } = await pki.issue()
    const certificate = parseCertificate(certificate_pem)
    const [point] = findExtension(certificate.extensions, cRLDistributionPoints) ?? []
    expect(point?.distributionPoint).toEqual({
      type: 'fullName',
      names: [{ type: 'uri', value: `http://pki.test/crl/${pki.cas.issuing}` }],
    })
    const { infoAccess } = new X509Certificate(certificate_pem)
    expect(infoAccess).toContain(`OCSP - URI:http://pki.test/ocsp/${pki.cas.issuing}`)
    expect(infoAccess).toContain(`CA Issuers - URI:http://pki.test/ca/${pki.cas.issuing}`)
  })

  it('GET /crl/:caId and GET /ca/:caId', async () => {
    const crl = await pki.call('GET', `/crl/${pki.cas.issuing}`, { key: null })
    expect([crl.status, crl.headers.get('content-type')]).toEqual([200, 'application/pkix-crl'])
    expect(crl.headers.get('cache-control')).toMatch(/^public, max-age=\d+/)
    const ca = await pki.call('GET', `/ca/${pki.cas.issuing}`, { key: null })
    expect([ca.status, ca.headers.get('content-type')]).toEqual([200, 'application/pkix-cert'])
    expect(ca.headers.get('cache-control')).toMatch(/^public, max-age=\d+/)
    const { json } = await pki.call('GET', `/v1/cas/${pki.cas.issuing}`)
    expect(new X509Certificate(ca.bytes).toString().trim()).toBe(json.ca.certificate_pem)
  })

  it('of a CA that is revoked, expired or locked too', async () => {
    pki.clock.advance(31 * day)
    for (const caId of [pki.cas.revoked, pki.cas.shortLived, pki.cas.locked]) {
      expect((await pki.call('GET', `/crl/${caId}`, { key: null })).status).toBe(200)
      expect((await pki.call('GET', `/ca/${caId}`, { key: null })).status).toBe(200)
    }
  })
})
