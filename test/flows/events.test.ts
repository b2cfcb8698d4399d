import { createAuthority, type EventType, isPkiError } from '@certwright/core'
import { memoryStorage } from '@certwright/memory'
import { observePorts, type PortCall } from '@certwright/testing'
import { describe, expect, it } from 'vitest'
import { asHost, cheapCustody, movableClock, newCsr, newRoot, newSetting, passphrase } from './setting.js'

const csrPem = await newCsr({ commonName: 'db.example.org' })

/** A history in which every kind of event happens, and the calls that wrote it. */
async function history() {
  const storage = memoryStorage()
  const calls: PortCall[] = []
  const ports = observePorts({ storage, custody: cheapCustody() }, (call) => {
    if (call.when === 'before') calls.push(call)
  })
  const authority = createAuthority({ ...ports, clock: movableClock() })
  const workspace = await authority.createWorkspace({ name: 'Ours', plan: 'pro' }, asHost)
  const user = await authority.createUser({ email: 'ada@example.org' }, asHost)
  const root = await newRoot(authority, { workspaceId: workspace.id, passphrase })
  const below = {
    parentCaId: root.id,
    name: 'Issuing',
    keyAlgorithm: 'Ed25519',
    parentPassphrase: passphrase,
  } as const
  const issuing = await authority.createIntermediate(below, asHost)
  const key = await authority.createApiKey(
    { workspaceId: workspace.id, userId: user.id, name: 'deploy', caIds: [issuing.id] },
    asHost,
  )
  const caller = { principal: await authority.authenticate(key.secret) }
  const issued = await authority.issue(
    { caId: issuing.id, commonName: 'a.example.org', keyAlgorithm: 'Ed25519' },
    caller,
  )
  const renewed = await authority.renew({ certificateId: issued.certificate.id }, caller)
  await authority.revoke({ certificateId: issued.certificate.id }, caller)
  await authority.crl(issuing.id)
  await authority.revokeCa({ caId: issuing.id, caPassphrase: passphrase }, asHost)
  const secrets = [passphrase, key.secret, issued.privateKeyPem ?? '', renewed.privateKeyPem ?? '']
  return { storage, calls, secrets, key }
}

/** One list of calls for each transaction. */
function transactionsOf(calls: readonly PortCall[]): PortCall[][] {
  const transactions: PortCall[][] = []
  for (const call of calls) {
    if (call.name === 'begin') transactions.push([])
    if (call.name.startsWith('tx.')) transactions.at(-1)?.push(call)
  }
  return transactions
}

/** What changes, and what a subscriber hears of it. Reservations and CRL numbers are intents, of which nobody is told. */
const eventOf: Readonly<Record<string, readonly EventType[]>> = {
  'tx.insertWorkspace': ['workspace.created'],
  'tx.insertUser': ['user.created'],
  'tx.insertApiKey': ['api_key.created'],
  'tx.insertCa': ['ca.created', 'ca.imported'],
  'tx.insertCertificates': ['certificate.issued', 'certificate.renewed'],
  'tx.insertRevocation': ['certificate.revoked', 'ca.revoked'],
  'tx.insertCrl': ['crl.published'],
  'tx.setOcspResponder': ['ocsp_responder.certified'],
}

describe('events', () => {
  it('are one of the audit log and one of the outbox for each change, in its own transaction', async () => {
    const { calls } = await history()
    const seen = new Set<string>()
    for (const transaction of transactionsOf(calls)) {
      const changes = transaction.flatMap(({ name }) => (eventOf[name] === undefined ? [] : [name]))
      const types = (log: 'audit' | 'outbox') =>
        transaction
          .filter(({ name }) => name === 'tx.appendEvents')
          .flatMap(({ args }) => (args[0] as Record<typeof log, { type: EventType }[]>)[log])
          .map(({ type }) => type)
      const [audit, outbox] = [types('audit'), types('outbox')]
      expect(outbox).toEqual(audit)
      expect(audit).toHaveLength(changes.length)
      for (const [i, change] of changes.entries()) expect(eventOf[change]).toContain(audit[i])
      for (const change of changes) seen.add(change)
    }
    expect([...seen].sort()).toEqual(Object.keys(eventOf).sort())
  })

  it('say who did it, when, and to what', async () => {
    const { storage, key } = await history()
    const events = await storage.listAuditEvents({}, 100)
    const issued = events.find(({ type }) => type === 'certificate.issued')
    expect(issued).toMatchObject({
      actor: { kind: 'apiKey', id: key.apiKey.id },
      at: movableClock().now(),
      workspaceId: key.apiKey.workspaceId,
      details: { commonName: 'a.example.org', serialNumber: expect.stringMatching(/^[0-9a-f]+$/) },
    })
    const outbox = await storage.listOutboxEvents(100)
    expect(outbox.map(({ type, subjectId }) => [type, subjectId])).toEqual(
      events.map(({ type, subjectId }) => [type, subjectId]),
    )
    expect(new Set([...outbox, ...events].map(({ id }) => id)).size).toBe(2 * events.length)
  })

  it('hold flat public values: no passphrase, no API key, no private key', async () => {
    const { storage, secrets } = await history()
    const audit = await storage.listAuditEvents({}, 100)
    const events = [...audit, ...(await storage.listOutboxEvents(100))]
    const text = JSON.stringify(events)
    for (const secret of secrets) expect(text).not.toContain(secret.split('\n')[1] ?? secret)
    expect(text).not.toMatch(/PRIVATE KEY|cm_[A-Za-z0-9_-]{20}/)
    const kinds = new Set(audit.flatMap(({ details }) => Object.values(details).map((value) => typeof value)))
    expect([...kinds].sort()).toEqual(['number', 'string'])
  })
})

describe('an operation that fails', () => {
  it.each<[string, (s: Awaited<ReturnType<typeof failing>>) => Promise<unknown>]>([
    [
      'an issuance with a misspelt field',
      ({ a, id }) => a.issue({ caId: id, mode: 'csr', csrPem, sanDNS: [] } as never, asHost),
    ],
    [
      'an issuance that asks for too long',
      ({ a, id }) => a.issue({ caId: id, mode: 'csr', csrPem, validityDays: 398 }, asHost),
    ],
    [
      'an issuance with a name that is none',
      ({ a, id }) => a.issue({ caId: id, commonName: 'x', sanDns: ['a..b'] }, asHost),
    ],
    [
      'an issuance with an unknown profile',
      ({ a, id }) => a.issue({ caId: id, mode: 'csr', csrPem, profile: 'x' }, asHost),
    ],
    ['a revocation of the revoked', ({ a, revoked }) => a.revoke({ certificateId: revoked }, asHost)],
    ['a renewal of the revoked', ({ a, revoked }) => a.renew({ certificateId: revoked, csrPem }, asHost)],
    ['a root without a name', ({ a }) => a.createRoot({ name: ' ' }, asHost)],
    [
      'a root with constraints that are none',
      ({ a }) => a.createRoot({ name: 'R', nameConstraints: { permitted: { ip: ['10.0.0.1/8'] } } }, asHost),
    ],
    [
      'an intermediate that would outlive its issuer',
      ({ a, id }) => a.createIntermediate({ parentCaId: id, name: 'I', validityDays: 36_500 }, asHost),
    ],
    ['a CA on hold', ({ a, id }) => a.revokeCa({ caId: id, reason: 'certificateHold' }, asHost)],
    ['an import of nothing', ({ a }) => a.importCa({ name: 'I', certificate: 'x', privateKey: 'y' }, asHost)],
    [
      'a key without a CA',
      ({ a, workspaceId, userId }) => a.createApiKey({ workspaceId, userId, name: 'k' }, asHost),
    ],
    ['a second user of the same address', ({ a }) => a.createUser({ email: 'ADA@example.org' }, asHost)],
  ])('leaves none, and nothing else: %s', async (_, run) => {
    const setting = await failing()
    const before = await traceOf(setting.storage)
    const error: unknown = await run(setting).catch((e: unknown) => e)
    expect(isPkiError(error)).toBe(true)
    expect(await traceOf(setting.storage)).toEqual(before)
  })

  it('leaves none on an empty store: no default workspace either', async () => {
    const { authority, storage } = newSetting()
    const wishes = [
      { name: 'R', nameConstraints: { permitted: { ip: ['x'] } } },
      { name: 'R', subject: { country: 'Germany' } },
    ]
    for (const wish of wishes) {
      await expect(authority.createRoot(wish, asHost)).rejects.toMatchObject({ code: expect.any(String) })
    }
    expect(await storage.listAuditEvents({}, 10)).toEqual([])
  })
})

async function failing() {
  const { authority: a, storage } = newSetting()
  const { id, workspaceId } = await newRoot(a)
  const { id: userId } = await a.createUser({ email: 'ada@example.org' }, asHost)
  const { certificate } = await a.issue({ caId: id, mode: 'csr', csrPem }, asHost)
  await a.revoke({ certificateId: certificate.id }, asHost)
  return { a, storage, id, workspaceId, userId, revoked: certificate.id }
}

async function traceOf(storage: ReturnType<typeof memoryStorage>): Promise<unknown> {
  const now = movableClock().now()
  return {
    audit: await storage.listAuditEvents({}, 1000),
    outbox: await storage.listOutboxEvents(1000),
    cas: await storage.listCas({ includeRevoked: true }),
    certificates: await storage.listCertificates({ now }, { page: 1, pageSize: 100 }),
  }
}
