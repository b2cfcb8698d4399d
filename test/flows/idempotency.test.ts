import { createAuthority, isPkiError } from '@certwright/core'
import { describe, expect, it } from 'vitest'
import { hanging } from './hanging-custody.js'
import { asHost, day, newCsr, newRoot, newSetting, ocspStatus } from './setting.js'

const csrPem = await newCsr({ commonName: 'db.example.org' })
const withKey = { ...asHost, idempotencyKey: 'order-17' }

async function setting() {
  const made = newSetting()
  const root = await newRoot(made.authority)
  return { ...made, root, request: { caId: root.id, mode: 'csr', csrPem } as const }
}

describe('an idempotency key', () => {
  it('leads 20 parallel requests to one certificate', async () => {
    const { authority, request, storage, root } = await setting()
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => authority.issue(request, withKey)),
    )
    const given = outcomes.flatMap((o) => (o.status === 'fulfilled' ? [o.value] : []))
    const refused = outcomes.flatMap((o) => (o.status === 'rejected' ? [o.reason as unknown] : []))
    expect(new Set(given.map(({ certificate }) => certificate.id)).size).toBe(1)
    expect(given.filter(({ replayed }) => !replayed)).toHaveLength(1)
    for (const error of refused) expect(error).toMatchObject({ code: 'idempotency_in_progress' })
    expect((await authority.listCertificates({ caId: root.id }, asHost)).total).toBe(1)
    expect(
      (await storage.listAuditEvents({}, 100)).filter(({ type }) => type === 'certificate.issued'),
    ).toHaveLength(1)
  })

  it('gets the same bytes again for 24 hours, and a new certificate afterwards', async () => {
    const { authority, request, clock } = await setting()
    const first = await authority.issue(request, withKey)
    clock.forward(day - 1)
    const again = await authority.issue(request, withKey)
    expect(again).toEqual({ ...first, replayed: true })
    clock.forward(1)
    const late = await authority.issue(request, withKey)
    expect(late.replayed).toBe(false)
    expect(late.certificate.id).not.toBe(first.certificate.id)
  })

  it('is refused with another request, at once and after the answer', async () => {
    const { authority, request, root } = await setting()
    await authority.issue(request, withKey)
    const other = { ...request, validityDays: 30 }
    await expect(authority.issue(other, withKey)).rejects.toMatchObject({ code: 'idempotency_mismatch' })
    expect((await authority.listCertificates({ caId: root.id }, asHost)).total).toBe(1)
  })

  it('does not look at the passphrase, which decides whether there is an answer and not which', async () => {
    const { authority, request } = await setting()
    await authority.issue(request, withKey)
    expect((await authority.issue({ ...request, caPassphrase: 'unused' }, withKey)).replayed).toBe(true)
  })

  it('is another key for another principal, for another CA, and for a renewal', async () => {
    const { authority, request } = await setting()
    const second = await newRoot(authority, { name: 'Second' })
    const { certificate } = await authority.issue(request, withKey)
    expect((await authority.issue({ ...request, caId: second.id }, withKey)).replayed).toBe(false)
    const renewal = { certificateId: certificate.id, csrPem: await newCsr() }
    expect((await authority.renew(renewal, withKey)).replayed).toBe(false)
    expect((await authority.renew(renewal, withKey)).replayed).toBe(true)
  })

  it('is refused in managed mode, for issuance and renewal, and nothing is issued', async () => {
    const { authority, root } = await setting()
    const managed = { caId: root.id, commonName: 'db.example.org' }
    await expect(authority.issue(managed, withKey)).rejects.toMatchObject({ code: 'idempotency_unsupported' })
    const { certificate } = await authority.issue(managed, asHost)
    await expect(authority.renew({ certificateId: certificate.id }, withKey)).rejects.toMatchObject({
      code: 'idempotency_unsupported',
    })
    expect((await authority.listCertificates({}, asHost)).total).toBe(1)
  })

  it('is not spent by a request that is refused', async () => {
    const { authority, request } = await setting()
    await expect(authority.issue({ ...request, validityDays: 9999 }, withKey)).rejects.toMatchObject({
      code: 'validity_refused',
    })
    expect((await authority.issue(request, withKey)).replayed).toBe(false)
  })

  it('is held by a request that runs, for two minutes and no longer', async () => {
    const { storage, custody, clock, request } = await setting()
    const { slow, begun, letGo } = hanging(custody)
    const authority = createAuthority({ storage, custody: slow, clock })
    const first = authority.issue(request, withKey)
    await begun
    clock.forward(119)
    await expect(authority.issue(request, withKey)).rejects.toMatchObject({ code: 'idempotency_in_progress' })
    letGo()
    expect((await first).replayed).toBe(false)
    expect((await authority.issue(request, withKey)).replayed).toBe(true)
  })

  it('that a retry has taken over is the retry’s: the late certificate is recorded, revoked, and not handed out', async () => {
    const { storage, custody, clock, request, root } = await setting()
    const { slow, begun, letGo } = hanging(custody)
    const authority = createAuthority({ storage, custody: slow, clock })
    const first: Promise<unknown> = authority.issue(request, withKey).catch((error: unknown) => error)
    await begun
    clock.forward(121)
    const retry = await authority.issue(request, withKey)
    letGo()
    const late = await first
    expect(isPkiError(late) && late.code).toBe('idempotency_in_progress')

    const { certificates } = await authority.listCertificates({ caId: root.id }, asHost)
    const superseded = certificates.find(({ id }) => id !== retry.certificate.id)
    if (superseded === undefined || certificates.length !== 2) throw new Error('expected two records')
    expect(superseded).toMatchObject({ revocationReason: 'superseded', revokedAt: clock.now() })
    expect(await ocspStatus(authority, root, superseded.serialNumber)).toMatchObject({ kind: 'revoked' })
    expect(await ocspStatus(authority, root, retry.certificate.serialNumber)).toEqual({ kind: 'good' })
    const told = await storage.listAuditEvents({ subjectId: superseded.id }, 10)
    expect(told.map(({ type }) => type)).toEqual(['certificate.issued', 'certificate.revoked'])
    expect((await authority.issue(request, withKey)).certificate.id).toBe(retry.certificate.id)
  })

  it('of a lease that ran out, and that nobody took, is still the first request’s', async () => {
    const { storage, custody, clock, request } = await setting()
    const { slow, begun, letGo } = hanging(custody)
    const authority = createAuthority({ storage, custody: slow, clock })
    const first = authority.issue(request, withKey)
    await begun
    clock.forward(500)
    letGo()
    const { certificate } = await first
    expect((await authority.issue(request, withKey)).certificate.id).toBe(certificate.id)
  })
})
