import { type CrlEntry, crlEntries, deltaCRLIndicator, findExtension, parseCrl } from '@certwright/core'
import { describe, expect, it } from 'vitest'
import { asHost, day, newCsr, newRoot, newSetting, ocspStatus } from './setting.js'

const csrPem = await newCsr({ commonName: 'db.example.org' })
const publicCsrPem = await newCsr({ commonName: 'www.example.org', keyAlgorithm: 'ECDSA-P256' })
const hold = 'certificateHold' as const

async function setting(options: Parameters<typeof newSetting>[0] = {}) {
  const made = newSetting(options)
  const root = await newRoot(made.authority)
  const issue = async (profile?: string) => {
    const request = profile === 'publicServerAuth' ? { csrPem: publicCsrPem, profile } : { csrPem }
    return (await made.authority.issue({ caId: root.id, mode: 'csr', ...request }, asHost)).certificate
  }
  const entries = async (scope?: string): Promise<readonly CrlEntry[]> => [
    ...crlEntries(parseCrl((await made.authority.crl(root.id, scope)).der)),
  ]
  return { ...made, root, issue, entries }
}

describe('a hold', () => {
  it('ends: the certificate is good again, for OCSP and on no list', async () => {
    const { authority, root, issue, entries } = await setting()
    const { id, serialNumber } = await issue()
    await authority.revoke({ certificateId: id, reason: hold }, asHost)
    expect((await entries()).map(({ reason }) => reason)).toEqual([hold])
    const released = await authority.releaseHold({ certificateId: id }, asHost)
    expect([released.revokedAt, released.revocationReason]).toEqual([undefined, undefined])
    expect(await entries()).toEqual([])
    expect(await ocspStatus(authority, root, serialNumber)).toEqual({ kind: 'good' })
    expect((await authority.getCertificate(id, asHost)).revokedAt).toBeUndefined()
  })

  it('that ends is told by a delta CRL as removeFromCRL, until the next complete list (RFC 5280 §5.2.4)', async () => {
    const distribution = { baseUrl: 'http://pki.example' }
    const { authority, root, issue, entries, clock } = await setting({
      distribution,
      crl: { deltaValiditySeconds: 3600 },
    })
    const { id, serialNumber } = await issue()
    await authority.revoke({ certificateId: id, reason: hold }, asHost)
    expect((await entries()).map(({ reason }) => reason)).toEqual([hold])
    await authority.releaseHold({ certificateId: id }, asHost)
    const delta = await entries('delta')
    expect(delta.map((entry) => [entry.serialNumber, entry.reason])).toEqual([
      [serialNumber, 'removeFromCRL'],
    ])
    const { der } = await authority.crl(root.id, 'delta')
    const { number } = await authority.crl(root.id)
    expect(findExtension(parseCrl(der).extensions, deltaCRLIndicator)).toBe(BigInt(number))
    clock.forward(4 * day)
    expect([await entries(), await entries('delta')]).toEqual([[], []])
  })

  it('is not for what browsers trust (Baseline Requirements §4.9.13), which can be revoked all the same', async () => {
    const { authority, root, issue } = await setting()
    const { id, serialNumber } = await issue('publicServerAuth')
    await expect(authority.revoke({ certificateId: id, reason: hold }, asHost)).rejects.toMatchObject({
      code: 'transition_refused',
      message: expect.stringContaining('the profile of the certificate does not let it be put on hold'),
    })
    expect(await ocspStatus(authority, root, serialNumber)).toEqual({ kind: 'good' })
    await authority.revoke({ certificateId: id, reason: 'superseded' }, asHost)
    await expect(authority.releaseHold({ certificateId: id }, asHost)).rejects.toMatchObject({
      code: 'already_revoked',
    })
  })

  it('is not for certificates of a profile that the host no longer has', async () => {
    const device = {
      keyUsage: ['digitalSignature'],
      extendedKeyUsage: ['clientAuth'],
      nameKinds: ['dns'],
    } as const
    const { storage, custody, clock, authority, root } = await setting({ profiles: { device } })
    const request = { caId: root.id, mode: 'csr', csrPem, profile: 'device' } as const
    const { id: certificateId } = (await authority.issue(request, asHost)).certificate
    const without = newSetting({ storage, custody, clock }).authority
    await expect(without.revoke({ certificateId, reason: hold }, asHost)).rejects.toMatchObject({
      code: 'transition_refused',
    })
    expect(await authority.revoke({ certificateId, reason: hold }, asHost)).toMatchObject({
      revocationReason: hold,
    })
  })

  it.each([
    ['good', undefined, 'transition_refused'],
    ['revoked', 'superseded', 'already_revoked'],
  ] as const)('cannot end where the certificate is %s', async (_, reason, code) => {
    const { authority, issue } = await setting()
    const { id: certificateId } = await issue()
    if (reason !== undefined) await authority.revoke({ certificateId, reason }, asHost)
    await expect(authority.releaseHold({ certificateId }, asHost)).rejects.toMatchObject({ code })
  })

  it('is not for a serial number without a certificate, whose hold nobody could end', async () => {
    const { storage, authority, root, clock } = await setting()
    const reservation = {
      id: '01900000-0000-7000-8000-00000000000a',
      caId: root.id,
      serialNumber: '0a0b0c' as typeof root.serialNumber,
      kind: 'certificate',
      tbsHash: '00'.repeat(32),
      notAfter: new Date(clock.now().getTime() + day * 1000),
      reservedAt: clock.now(),
    } as const
    await storage.transaction((tx) => tx.insertReservations([reservation]))
    clock.forward(3600)
    const asked = { caId: root.id, serialNumber: reservation.serialNumber }
    await expect(authority.revokeReservation({ ...asked, reason: hold }, asHost)).rejects.toMatchObject({
      code: 'transition_refused',
    })
    expect(await authority.revokeReservation({ ...asked, reason: 'superseded' }, asHost)).toMatchObject({
      reason: 'superseded',
    })
    expect(await ocspStatus(authority, root, reservation.serialNumber)).toMatchObject({ kind: 'revoked' })
  })
})

describe('an invalidity date', () => {
  it('is on the list beside the date of the revocation (RFC 5280 §5.3.2)', async () => {
    const { authority, issue, entries, clock } = await setting()
    const { id: certificateId } = await issue()
    const revokedAt = clock.now()
    const invalidityDate = new Date(revokedAt.getTime() - 3 * day * 1000)
    await authority.revoke({ certificateId, reason: 'keyCompromise', invalidityDate }, asHost)
    expect(await entries()).toMatchObject([{ revocationDate: revokedAt, invalidityDate }])
  })

  it('does not lie in the future', async () => {
    const { authority, issue, clock, entries } = await setting()
    const { id: certificateId } = await issue()
    const invalidityDate = new Date(clock.now().getTime() + 1000)
    await expect(authority.revoke({ certificateId, invalidityDate }, asHost)).rejects.toMatchObject({
      code: 'invalid_request',
      context: { issues: [{ path: 'invalidityDate', message: 'must not lie in the future' }] },
    })
    expect(await entries()).toEqual([])
  })
})

it('an expired certificate that is revoked is on every later list, and its status is told', async () => {
  const { authority, root, entries, clock } = await setting()
  const { certificate } = await authority.issue(
    { caId: root.id, mode: 'csr', csrPem, validityDays: 1 },
    asHost,
  )
  const { id: certificateId, serialNumber } = certificate
  clock.forward(2 * day)
  await authority.revoke({ certificateId, reason: 'keyCompromise' }, asHost)
  for (let lists = 0; lists < 2; lists++) {
    expect((await entries()).map((entry) => entry.serialNumber)).toEqual([serialNumber])
    clock.forward(400 * day)
  }
  expect(await ocspStatus(authority, root, serialNumber)).toMatchObject({ kind: 'revoked' })
})

const scheduleOf = () => ({ validitySeconds: 10 * day, intervalSeconds: 7 * day })

describe('a profile that asks for fresh CRLs', () => {
  it.each([
    ['lives longer than ten days', { validitySeconds: 11 * day }, 'crl.validitySeconds'],
    [
      'comes less often than once a week',
      { validitySeconds: 10 * day, intervalSeconds: 8 * day },
      'crl.intervalSeconds',
    ],
  ])('is not for a CA whose list %s (Baseline Requirements §4.9.7)', async (_, crl, item) => {
    const { issue } = await setting({ crl })
    await expect(issue('publicServerAuth')).rejects.toMatchObject({
      code: 'profile_refused',
      context: { profile: 'publicServerAuth', item },
    })
    await expect(issue()).resolves.toBeDefined()
  })

  it('is for a CA whose own schedule is fresh enough', async () => {
    const { issue } = await setting({ crl: { validitySeconds: 365 * day, scheduleOf } })
    await expect(issue('publicServerAuth')).resolves.toMatchObject({ profile: 'publicServerAuth' })
  })
})
