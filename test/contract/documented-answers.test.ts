import { beforeAll, describe, expect, it } from 'vitest'
import { csr } from './csr.js'
import { createPki, type Pki } from './setup.js'
import { documented, faultsOf } from './shapes.js'

/* The requests of the API document as they stand there; only host, key and ids are others. */

let pki: Pki
beforeAll(async () => {
  pki = await createPki()
})

const issueExample = {
  mode: 'managed',
  commonName: 'api.example.com',
  sanDns: ['api.example.com', 'www.example.com'],
  sanIp: ['192.168.1.1'],
  keyAlgorithm: 'ECDSA-P256',
  validityDays: 365,
}

const issueManaged = () =>
  pki.call('POST', '/v1/certificates', { body: { caId: pki.cas.issuing, ...issueExample } })

const issueFromCsr = () =>
  pki.call('POST', '/v1/certificates', { body: { caId: pki.cas.issuing, mode: 'csr', csrPem: csr() } })

describe('the examples of the API document', () => {
  it('GET /v1/whoami', async () => {
    const { status, json } = await pki.call('GET', '/v1/whoami')
    expect([status, faultsOf(json, documented.whoami)]).toEqual([200, []])
    expect(json).toMatchObject({
      user: { email: 'user@example.com' },
      workspace: { id: pki.cas.workspaceId, name: 'My Workspace', slug: 'my-workspace' },
      apiKey: { name: 'Production Key' },
      permissions: { [pki.cas.issuing]: { canRead: true, canIssue: true, canRevoke: true } },
    })
  })

  it('GET /v1/cas', async () => {
    const { status, json } = await pki.call('GET', '/v1/cas')
    expect([status, faultsOf(json, documented.cas)]).toEqual([200, []])
    const [root, issuing] = json.cas
    expect(root).toMatchObject({
      name: 'Production Root CA',
      parent_ca_id: null,
      depth: 0,
      path_length: null,
    })
    expect(issuing).toMatchObject({
      parent_ca_id: pki.cas.root,
      depth: 1,
      path_length: 0,
      organization: 'Acme Corp',
    })
  })

  it('GET /v1/cas/:id', async () => {
    const { status, json } = await pki.call('GET', `/v1/cas/${pki.cas.root}`)
    expect([status, faultsOf(json, documented.ca)]).toEqual([200, []])
    expect(json.ca).toMatchObject({
      country: 'US',
      state: 'California',
      locality: 'San Francisco',
      key_algorithm: 'ECDSA-P384',
      has_passphrase: false,
      revoked_at: null,
      revocation_reason: null,
    })
    const revoked = await pki.call('GET', `/v1/cas/${pki.cas.revoked}`)
    expect(faultsOf(revoked.json, documented.ca)).toEqual([])
    expect(revoked.json.ca.revocation_reason).toBe('cessationOfOperation')
  })

  it('GET /v1/cas/:id/chain, from the CA up to the root', async () => {
    const { status, json } = await pki.call('GET', `/v1/cas/${pki.cas.issuing}/chain`)
    expect([status, faultsOf(json, documented.chain)]).toEqual([200, []])
    const pems = []
    for (const id of [pki.cas.issuing, pki.cas.root]) {
      pems.push((await pki.call('GET', `/v1/cas/${id}`)).json.ca.certificate_pem)
    }
    expect(json).toEqual({ caId: pki.cas.issuing, chainLength: 2, chain: pems })
  })

  it('GET /v1/certificates?status=active&pageSize=10', async () => {
    await issueManaged()
    const { status, json } = await pki.call('GET', '/v1/certificates?status=active&pageSize=10')
    expect([status, faultsOf(json, documented.certificates)]).toEqual([200, []])
    expect(json.certificates.length).toBeGreaterThan(0)
    expect(json.pageSize).toBe(10)
  })

  it('POST /v1/certificates, managed', async () => {
    const { status, json } = await issueManaged()
    expect([status, faultsOf(json, documented.issuedManaged)]).toEqual([200, []])
    expect(json.certificate).toMatchObject({
      common_name: 'api.example.com',
      san_dns: ['api.example.com', 'www.example.com'],
      san_ip: ['192.168.1.1'],
    })
  })

  it('POST /v1/certificates, csr: no privateKey', async () => {
    const { status, json } = await issueFromCsr()
    expect([status, faultsOf(json, documented.issuedFromCsr)]).toEqual([200, []])
  })

  it('POST /v1/certificates/:id/revoke', async () => {
    const { id } = await pki.issue()
    const { status, json } = await pki.call('POST', `/v1/certificates/${id}/revoke`, {
      body: { reason: 'keyCompromise' },
    })
    expect([status, faultsOf(json, documented.revoked)]).toEqual([200, []])
    expect(json.certificate).toMatchObject({
      id,
      revoked_at: pki.clock.now().toISOString(),
      revocation_reason: 'keyCompromise',
    })
  })

  it.each([
    'unspecified',
    'keyCompromise',
    'caCompromise',
    'affiliationChanged',
    'superseded',
    'cessationOfOperation',
    'certificateHold',
    'privilegeWithdrawn',
  ])('POST /v1/certificates/:id/revoke takes the reason %s', async (reason) => {
    const { id } = await pki.issue()
    const { status, json } = await pki.call('POST', `/v1/certificates/${id}/revoke`, { body: { reason } })
    expect([status, json.certificate.revocation_reason]).toEqual([200, reason])
  })

  it('POST /v1/certificates/:id/revoke without a body: unspecified', async () => {
    const { id } = await pki.issue()
    const { status, json } = await pki.call('POST', `/v1/certificates/${id}/revoke`)
    expect([status, json.certificate.revocation_reason]).toEqual([200, 'unspecified'])
  })

  it('POST /v1/certificates/:id/renew, managed', async () => {
    const old = await pki.issue(issueExample)
    const { status, json } = await pki.call('POST', `/v1/certificates/${old.id}/renew`, {
      body: { validityDays: 365 },
    })
    expect([status, faultsOf(json, documented.renewedManaged)]).toEqual([200, []])
    const { common_name, san_dns, san_ip } = old
    expect(json.certificate).toMatchObject({ common_name, san_dns, san_ip })
    expect(json.certificate.id).not.toBe(old.id)
    expect(json.certificate.serial_number).not.toBe(old.serial_number)
  })

  it('POST /v1/certificates/:id/renew, csr: no privateKey', async () => {
    const { id } = (await issueFromCsr()).json.certificate
    const { status, json } = await pki.call('POST', `/v1/certificates/${id}/renew`, {
      body: { csrPem: csr() },
    })
    expect([status, faultsOf(json, documented.renewedFromCsr)]).toEqual([200, []])
  })

  it.each(['RSA-2048', 'RSA-4096', 'ECDSA-P256', 'ECDSA-P384'])('issues for %s', async (keyAlgorithm) => {
    const { id } = await pki.issue({ keyAlgorithm })
    const { json } = await pki.call('GET', `/v1/certificates/${id}`)
    expect(json.certificate.key_algorithm).toBe(keyAlgorithm)
  })
})

it('every answer of the API is JSON that nobody keeps', async () => {
  for (const path of ['/v1/whoami', '/v1/cas', '/v1/certificates', '/v1/nowhere']) {
    const { headers } = await pki.call('GET', path)
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(headers.get('cache-control')).toBe('no-store')
  }
})

it.each([
  ['a field is missing', { error: undefined }, ['$.error: missing']],
  ['a field is not documented', { error: 'x', code: 'y' }, ['$.code: not documented']],
  ['a type is wrong', { error: 4 }, ['$.error: /^.+$/']],
])('the table of shapes sees that %s', (_case, body, faults) => {
  expect(faultsOf(JSON.parse(JSON.stringify(body)), documented.error)).toEqual(faults)
})
