import { createHash } from 'node:crypto'
import { createCertificateRequest, createName, operator, pemEncode, platformCrypto } from '@certwright/core'
import { forgeKey, parseTrace, recordTrace, replay, seededAuthority, type Trace } from '@certwright/testing'
import { describe, expect, it } from 'vitest'
import { memoryStores } from '../storage/memory-stores.js'
import { sqliteStores } from '../storage/sqlite-stores.js'

/* A seeded authority writes its history down, and lives through it again. */

const me = { principal: operator('tests') }
const baseUrl = 'http://pki.example.org'

async function csr(commonName: string): Promise<string> {
  const key = await platformCrypto.importSigningKey(forgeKey(commonName, 'Ed25519').pkcs8Der)
  const der = await createCertificateRequest({ subject: createName({ commonName }) }, key)
  return pemEncode('CERTIFICATE REQUEST', der)
}

/** Everything that is signed, refused and streamed, by an operator and by a key. */
async function history(seed: string): Promise<Trace> {
  const seeded = seededAuthority({ seed, settings: { distribution: { baseUrl } } })
  const { authority, trace } = recordTrace(seeded)
  const workspace = await authority.createWorkspace({ name: 'Example' }, me)
  const user = await authority.createUser({ email: 'you@example.com' }, me)
  const root = await authority.createRoot({ name: 'Root', workspaceId: workspace.id }, me)
  const below = { parentCaId: root.id, keyAlgorithm: 'Ed25519', pathLength: 0 } as const
  const issuing = await authority.createIntermediate({ ...below, name: 'Issuing' }, me)
  const apiKey = { workspaceId: workspace.id, userId: user.id, name: 'Key', caIds: [issuing.id] }
  const { secret } = await authority.createApiKey(apiKey, me)
  const key = { principal: await authority.authenticate(secret) }
  const managed = { caId: issuing.id, commonName: 'a.example.org' }
  const { certificate } = await authority.issue(managed, key)
  const request = { caId: issuing.id, mode: 'csr', csrPem: await csr('b.example.org') } as const
  await authority.issue(request, { ...key, idempotencyKey: 'once' })
  seeded.clock.forward(86_400)
  await authority.renew({ certificateId: certificate.id }, key)
  await authority.revoke({ certificateId: certificate.id, reason: 'superseded' }, key)
  await authority.revoke({ certificateId: certificate.id }, key).catch(() => undefined)
  await authority.crl(issuing.id)
  for await (const page of authority.lineage({ caId: root.id }, me)) expect(page.length).toBeGreaterThan(0)
  return trace()
}

describe('a trace', () => {
  it.each([
    ['memory', memoryStores],
    ['SQLite', sqliteStores],
  ])('written down and read again gives the same bytes over %s', async (_, stores) => {
    const trace = parseTrace(JSON.stringify(await history('one')))
    const opened = await stores.open()
    try {
      expect(await replay(trace, { storage: opened.storage })).toEqual({ calls: trace.calls.length })
    } finally {
      await opened.close()
    }
  })

  it('of one seed is the same text every time, and that of another seed is another', async () => {
    const [one, again, two] = [await history('one'), await history('one'), await history('two')]
    expect(JSON.stringify(again)).toBe(JSON.stringify(one))
    expect(JSON.stringify(two)).not.toBe(JSON.stringify(one))
  })

  it('holds refusals too', async () => {
    const { calls } = await history('one')
    expect(calls.filter(({ outcome }) => 'error' in outcome)).toMatchObject([
      { method: 'revoke', outcome: { error: { code: 'already_revoked' } } },
    ])
  })

  it('of calls at the same time is the order in which they took turns', async () => {
    const seeded = seededAuthority({ seed: 'race' })
    const { authority, trace } = recordTrace(seeded)
    const root = await authority.createRoot({ name: 'Root' }, me)
    const issue = (n: number) => authority.issue({ caId: root.id, commonName: `${n}.example.org` }, me)
    await Promise.all([1, 2, 3, 4].map(issue))
    expect(await replay(trace())).toEqual({ calls: 5 })
  })

  it('that was changed is told by its first call that differs', async () => {
    const trace = await history('one')
    const index = trace.calls.findIndex(({ method }) => method === 'issue')
    const calls = trace.calls.map((call, i) =>
      i === index ? { ...call, at: new Date(Date.parse(call.at) + 1000).toISOString() } : call,
    )
    const { difference } = await replay({ ...trace, calls })
    expect(difference).toMatchObject({ index, method: 'issue', got: { value: {} } })
    expect(difference?.got).not.toEqual(difference?.expected)
  })

  it('stands behind the message of a test that failed', async () => {
    const { authority, telling, trace } = recordTrace(seededAuthority({ seed: 'fail' }))
    const failing = telling(async () => {
      await authority.createRoot({ name: 'Root' }, me)
      throw new Error('one and one are three')
    })
    const { message } = await failing.then(
      () => new Error('it passed'),
      (error: Error) => error,
    )
    expect(message).toMatch(/^one and one are three\n/)
    expect(parseTrace(message.slice(message.indexOf('{')))).toEqual(trace())
  })

  it.each([
    ['{', ''],
    ['[]', 'format'],
    ['{"format":"certwright-trace/2"}', 'format'],
    ['{"format":"certwright-trace/1","seed":1}', 'seed'],
    ['{"format":"certwright-trace/1","seed":"s","startedAt":"soon"}', 'startedAt'],
    [
      '{"format":"certwright-trace/1","seed":"s","startedAt":"2026-01-01","settings":{},"calls":[{}]}',
      'calls[0].at',
    ],
  ])('is not %s, and the refusal says where', (text, path) => {
    expect(() => parseTrace(text)).toThrow(
      expect.objectContaining({
        code: 'invalid_request',
        context: { issues: [expect.objectContaining({ path })] },
      }),
    )
  })

  it('calls nothing but an authority', async () => {
    const trace = await history('one')
    const call = { at: trace.startedAt, method: 'constructor', arguments: [], outcome: { value: null } }
    await expect(replay({ ...trace, calls: [call] })).rejects.toMatchObject({ code: 'invalid_request' })
  })
})

it('is the same on every machine; where this digest changes, what is issued has changed', async () => {
  const certificates = (await history('one')).calls.flatMap(({ outcome }) =>
    'value' in outcome
      ? (JSON.stringify(outcome.value).match(/"certificateDer":\{"\$bytes":"[^"]+"/g) ?? [])
      : [],
  )
  expect(certificates.length).toBeGreaterThan(5)
  const digest = createHash('sha256').update(certificates.join()).digest('hex')
  expect(digest).toBe('dc39b1be4095bed520701f8da20b336cc347d5a9ae93b85360748ccb5e66427d')
})
