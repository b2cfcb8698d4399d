import { X509Certificate } from 'node:crypto'
import { mcpExtension } from '@certwright/mcp'
import { beforeEach, describe, expect, it } from 'vitest'
import { csr } from '../contract/csr.js'
import { absentId, createPki, day, type Pki } from '../contract/setup.js'
import { connect } from './session.js'

/* An agent, by the official client of the protocol, over the real authority. */

const failures: unknown[] = []
let pki: Pki
beforeEach(async () => {
  failures.length = 0
  pki = await createPki({ extensions: [mcpExtension({ onFailure: (error) => failures.push(error) })] })
})

const as = (key: Exclude<keyof Pki['keys'], 'expiring'>) => connect(pki.handler, pki.keys[key].secret)

describe('what is offered', () => {
  it('reads freely, and marks as destructive what signs or revokes', async () => {
    const { tools } = await (await as('full')).client.listTools()
    const hints = Object.fromEntries(tools.map(({ name, annotations }) => [name, annotations]))
    const changing = ['issue_from_csr', 'renew_from_csr', 'revoke_certificate']
    expect(Object.keys(hints).filter((name) => hints[name]?.destructiveHint)).toEqual(changing)
    expect(Object.keys(hints).filter((name) => hints[name]?.readOnlyHint)).toEqual([
      'whoami',
      'list_cas',
      'get_chain',
      'search_certificates',
      'explain_certificate',
      'verify_chain',
    ])
  })

  it('has no tool that hands out a private key, unless the host has switched it on', async () => {
    const { client, call } = await as('full')
    const keyed = ['issue_with_key', 'renew_with_key']
    expect((await client.listTools()).tools.map(({ name }) => name)).not.toContain(keyed[0])
    await expect(
      call('issue_with_key', { caId: pki.cas.issuing, commonName: 'a.example.com' }),
    ).rejects.toThrow(/issue_with_key/)
    pki = await createPki({ extensions: [mcpExtension({ allowPrivateKeys: true })] })
    const open = await as('full')
    expect((await open.client.listTools()).tools.map(({ name }) => name)).toEqual(
      expect.arrayContaining(keyed),
    )
    const { data } = await open.call('issue_with_key', { caId: pki.cas.issuing, commonName: 'a.example.com' })
    expect(data).toMatchObject({ privateKeyPem: expect.stringMatching(/^-----BEGIN PRIVATE KEY-----/) })
  })

  it('takes no passphrase of a CA: an agent is no place for one', async () => {
    const { client, call } = await as('full')
    for (const { inputSchema } of (await client.listTools()).tools) {
      expect(JSON.stringify(inputSchema)).not.toMatch(/passphrase/i)
    }
    const refused = await call('issue_from_csr', { caId: pki.cas.locked, csrPem: csr() })
    expect(refused.data.error?.code).toBe('passphrase_required')
  })
})

describe('an agent', () => {
  it('learns who it is and what it may do', async () => {
    const { data } = await (await as('readOnly')).call('whoami')
    expect(data).toMatchObject({
      user: { email: 'user@example.com' },
      permissions: { [pki.cas.issuing]: { canRead: true, canIssue: false, canRevoke: false } },
    })
  })

  it('issues for a CSR, finds it, explains it, renews it and revokes it', async () => {
    const { call } = await as('full')
    const { data: issued } = await call('issue_from_csr', {
      caId: pki.cas.issuing,
      csrPem: csr({ commonName: 'db.example.com' }),
      validityDays: 30,
    })
    const { id, certificatePem } = issued['certificate'] as { id: string; certificatePem: string }
    expect(new X509Certificate(certificatePem).subjectAltName).toBe('DNS:db.example.com')

    const found = await call('search_certificates', { search: 'DB.', expiringInDays: 31 })
    expect(found.data).toMatchObject({ total: 1, certificates: [{ id, status: 'active' }] })

    const { data: explained } = await call('explain_certificate', { certificateId: id })
    expect(explained).toMatchObject({
      fields: { subject: 'CN=db.example.com', isCa: false, subjectAltName: ['DNS:db.example.com'] },
      statusNow: { kind: 'good' },
      validation: { ok: true },
      renewal: { isDue: false },
      rights: [
        { action: 'read', allowed: true, rule: 'grant' },
        { action: 'issue', allowed: true, rule: 'grant' },
        { action: 'revoke', allowed: true, rule: 'grant' },
      ],
    })

    const renewed = await call('renew_from_csr', {
      certificateId: id,
      csrPem: csr({ commonName: 'db.example.com' }),
    })
    expect(renewed.data).toMatchObject({ certificate: { renewedFrom: id } })

    const revoked = await call('revoke_certificate', { certificateId: id, reason: 'superseded' })
    expect(revoked.data).toMatchObject({ certificate: { status: 'revoked', revocationReason: 'superseded' } })
    const after = await call('explain_certificate', { certificateId: id })
    expect(after.data).toMatchObject({ statusNow: { kind: 'revoked', reason: 'superseded' } })
  })

  it('issues once for one idempotency key', async () => {
    const { call } = await as('full')
    const request = { caId: pki.cas.issuing, csrPem: csr(), idempotencyKey: 'deploy-7' }
    const [first, second] = [await call('issue_from_csr', request), await call('issue_from_csr', request)]
    expect(second.data).toEqual({ ...first.data, replayed: true })
  })

  it('verifies a chain, also as of another day, and learns why one is not valid', async () => {
    const { call } = await as('full')
    const { certificate_pem } = await pki.issue({ validityDays: 10 })
    const { data } = await call('get_chain', { caId: pki.cas.issuing })
    const chainPem = `${certificate_pem}\n${(data['chain'] as string[]).join('\n')}`
    const asked = { chainPem, name: 'api.example.com' }
    expect((await call('verify_chain', asked)).data).toMatchObject({ ok: true })
    const at = new Date(pki.clock.now().getTime() + 11 * day).toISOString()
    expect((await call('verify_chain', { ...asked, at })).data).toMatchObject({
      ok: false,
      faults: [{ fault: 'expired', depth: 0, clause: expect.stringContaining('RFC 5280') }],
    })
    const other = await call('verify_chain', { ...asked, name: 'evil.example.com' })
    expect(other.data).toMatchObject({ ok: false, faults: [{ fault: 'identity_mismatch' }] })
    const unread = await call('verify_chain', { chainPem: 'hello' })
    expect(unread.data.error?.code).toBe('invalid_request')
  })

  it('says the same of a chain whoever asks: trust anchors are those that it may read', async () => {
    const { certificate_pem: chainPem } = await pki.issue()
    expect((await (await as('foreign')).call('verify_chain', { chainPem })).data).toMatchObject({
      ok: false,
      faults: [{ fault: 'unknown_issuer' }],
    })
  })
})

describe('rights', () => {
  it('are those of the credential: what it may not do is refused, and nothing is written', async () => {
    const { id } = await pki.issue()
    const before = await pki.snapshot()
    const reader = await as('readOnly')
    const codes = []
    for (const [tool, input] of [
      ['issue_from_csr', { caId: pki.cas.issuing, csrPem: csr() }],
      ['renew_from_csr', { certificateId: id, csrPem: csr() }],
      ['revoke_certificate', { certificateId: id }],
    ] as const) {
      const { isError, data } = await reader.call(tool, input)
      expect(isError).toBe(true)
      codes.push(data.error?.code)
    }
    expect(codes).toEqual(['permission_denied', 'permission_denied', 'permission_denied'])
    expect(await pki.snapshot()).toEqual(before)
  })

  it.each(['get_chain', 'search_certificates', 'issue_from_csr'] as const)(
    'of another workspace do not exist: %s answers as for a CA that there is none of',
    async (tool) => {
      const { call } = await as('foreign')
      const input = tool === 'issue_from_csr' ? { csrPem: csr() } : {}
      const foreign = await call(tool, { ...input, caId: pki.cas.issuing })
      const absent = await call(tool, { ...input, caId: absentId })
      expect(foreign.data.error?.code).toBe('ca_not_found')
      expect(foreign.text.replace(pki.cas.issuing, absentId)).toBe(absent.text)
    },
  )
})

describe('what goes wrong', () => {
  it('with an argument is told by its name', async () => {
    const { call } = await as('full')
    const misspelt = await call('issue_from_csr', {
      caId: pki.cas.issuing,
      csrPem: csr(),
      sanDNS: ['a.example'],
    })
    expect([misspelt.isError, misspelt.text]).toEqual([true, expect.stringContaining('sanDNS')])
    const noId = await call('get_chain', { caId: 'nope' })
    expect([noId.isError, noId.text]).toEqual([true, expect.stringContaining('caId')])
  })

  it('on our side is told in one sentence, and to the host in full', async () => {
    const { call } = await as('full')
    pki.custody.gate.beforeSign = () => Promise.reject(new Error('token 4711 is broken'))
    const refused = await call('issue_from_csr', { caId: pki.cas.issuing, csrPem: csr() })
    expect(refused.data.error?.code).toBe('unavailable')
    expect(refused.text).not.toContain('4711')
    expect(failures).toHaveLength(1)
  })

  it('without a credential, or with a wrong one, is 401 before the body is read', async () => {
    for (const authorization of [undefined, 'Bearer cm_wrong']) {
      const response = await pki.handler(
        new Request('http://pki.test/mcp', {
          method: 'POST',
          body: '{',
          ...(authorization !== undefined && { headers: { authorization } }),
        }),
      )
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([
        401,
        expect.stringContaining('Bearer'),
      ])
    }
  })

  it('too often is slowed down by the limit of issuing, which reading does not touch', async () => {
    pki = await createPki({ extensions: [mcpExtension()], rateLimits: { issuePerMinute: 1 } })
    const { call } = await as('full')
    const request = { caId: pki.cas.issuing, csrPem: csr() }
    expect((await call('issue_from_csr', request)).isError).toBe(false)
    expect((await call('issue_from_csr', request)).data.error?.code).toBe('rate_limited')
    expect((await call('whoami')).isError).toBe(false)
  })

  it('with the protocol is answered by the protocol', async () => {
    const send = (body: string, headers = {}) =>
      pki.handler(
        new Request('http://pki.test/mcp', {
          method: 'POST',
          headers: {
            authorization: `Bearer ${pki.keys.full.secret}`,
            'content-type': 'application/json',
            accept: 'application/json, text/event-stream',
            ...headers,
          },
          body,
        }),
      )
    const broken = await send('{"jsonrpc":')
    expect([broken.status, await broken.json()]).toMatchObject([400, { error: { code: -32_700 } }])
    expect((await send(JSON.stringify({ padding: 'x'.repeat(100_000) }))).status).toBe(413)
    const got = await pki.handler(new Request('http://pki.test/mcp'))
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST'])
  })
})
