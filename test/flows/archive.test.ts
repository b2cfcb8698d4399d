import { type Authority, type CertificateInfo, crlEntries, parseCrl } from '@certwright/core'
import { expect, it } from 'vitest'
import { asHost, day, newCsr, newRoot, newSetting, ocspStatus, type Setting } from './setting.js'

/* Certificates that have expired leave the store; what was said of them stays true. */

const csrPem = await newCsr({ commonName: 'db.example.org' })
/** The certificates live a day, and rest for two. */
const untilArchived = 4 * day

async function issue({ authority }: Setting, caId: string, count = 1): Promise<readonly CertificateInfo[]> {
  const request = { caId, mode: 'csr', csrPem, validityDays: 1 } as const
  const issued = await authority.issueMany(
    Array.from({ length: count }, () => request),
    asHost,
  )
  return issued.map(({ certificate }) => certificate)
}

const daysAgo = ({ clock }: Setting, days: number) => new Date(clock.now().getTime() - days * day * 1000)

async function archiveAll(
  setting: Setting,
  expiredBefore = daysAgo(setting, 2),
): Promise<(readonly CertificateInfo[])[]> {
  const batches: (readonly CertificateInfo[])[] = []
  for await (const batch of setting.authority.archiveExpired({ expiredBefore }, asHost)) batches.push(batch)
  return batches
}

const total = async (authority: Authority) => (await authority.listCertificates({}, asHost)).total

it('the host gets whole records, and the store forgets them; what has not expired stays', async () => {
  const setting = newSetting()
  const { authority, clock } = setting
  const root = await newRoot(authority)
  const old = await issue(setting, root.id, 3)
  clock.forward(untilArchived)
  const [fresh] = await issue(setting, root.id)
  const [batch, ...others] = await archiveAll(setting)
  expect(others).toEqual([])
  expect(batch).toHaveLength(old.length)
  expect(batch).toEqual(expect.arrayContaining([...old]))
  const { certificates } = await authority.listCertificates({}, asHost)
  expect(certificates.map(({ id }) => id)).toEqual([fresh?.id])
  await expect(authority.getCertificate(old[0]?.id ?? '', asHost)).rejects.toMatchObject({
    code: 'certificate_not_found',
  })
})

it('OCSP, the status log and the list say of an archived certificate what they said before', async () => {
  const setting = newSetting()
  const { authority, clock } = setting
  const root = await newRoot(authority)
  const [good, revoked] = await issue(setting, root.id, 2)
  if (good === undefined || revoked === undefined) expect.unreachable()
  const revokedAt = clock.now()
  await authority.revoke({ certificateId: revoked.id, reason: 'keyCompromise' }, asHost)
  clock.forward(untilArchived)
  const said = async () => ({
    good: await ocspStatus(authority, root, good.serialNumber),
    revoked: await ocspStatus(authority, root, revoked.serialNumber),
    before: await authority.statusAt(
      { caId: root.id, serialNumber: good.serialNumber, at: revokedAt },
      asHost,
    ),
    list: [...crlEntries(parseCrl((await authority.crl(root.id)).der))],
  })
  const before = await said()
  expect(before).toMatchObject({ good: { kind: 'good' }, revoked: { kind: 'revoked' } })
  expect(before.list.map(({ serialNumber }) => serialNumber)).toEqual([revoked.serialNumber])
  expect((await archiveAll(setting)).flat()).toHaveLength(2)
  expect(await said()).toEqual(before)
})

it('a batch is forgotten when the next one is asked for, and not by a loop that fails', async () => {
  const setting = newSetting()
  const { authority, clock } = setting
  const root = await newRoot(authority)
  for (const count of [1000, 1]) await issue(setting, root.id, count)
  clock.forward(untilArchived)
  const request = { expiredBefore: daysAgo(setting, 2) }
  const seen: number[] = []
  const archive = async () => {
    for await (const batch of authority.archiveExpired(request, asHost)) {
      seen.push(batch.length, await total(authority))
      if (seen.length > 2) throw new Error('the archive is full')
    }
  }
  await expect(archive()).rejects.toThrow('the archive is full')
  expect(seen).toEqual([1000, 1001, 1, 1])
  expect(await total(authority)).toBe(1)
  expect((await archiveAll(setting)).flat()).toHaveLength(1)
  expect(await archiveAll(setting)).toEqual([])
})

it('certificates of CAs are never archived: chains are made of them', async () => {
  const setting = newSetting()
  const { authority, clock } = setting
  const root = await newRoot(authority)
  const wish = { parentCaId: root.id, name: 'Issuing', keyAlgorithm: 'Ed25519', validityDays: 30 } as const
  const issuing = await authority.createIntermediate(wish, asHost)
  await authority.reissueCa({ caId: issuing.id, validityDays: 40 }, asHost)
  clock.forward(45 * day)
  expect(await archiveAll(setting)).toEqual([])
  await authority.reissueCa({ caId: issuing.id, validityDays: 400 }, asHost)
  const certificates = await authority.certificatesOfCa(issuing.id, asHost)
  expect(certificates).toHaveLength(3)
  expect(await issue(setting, issuing.id)).toHaveLength(1)
})

it('nothing is archived that a repeated request may be answered with', async () => {
  const setting = newSetting()
  const { authority, clock } = setting
  const root = await newRoot(authority)
  const request = { caId: root.id, mode: 'csr', csrPem, validityDays: 1 } as const
  const { certificate } = await authority.issue(request, { ...asHost, idempotencyKey: 'k' })
  const archive = (expiredBefore: Date) => authority.archiveExpired({ expiredBefore }, asHost).next()
  clock.forward(day - 1)
  expect((await authority.issue(request, { ...asHost, idempotencyKey: 'k' })).certificate).toEqual(
    certificate,
  )
  await expect(archive(new Date(daysAgo(setting, 2).getTime() + 1))).rejects.toMatchObject({
    code: 'invalid_request',
    context: { issues: [{ path: 'expiredBefore' }] },
  })
  expect(await archive(daysAgo(setting, 2))).toEqual({ done: true, value: undefined })
  clock.forward(untilArchived)
  expect((await archive(daysAgo(setting, 2))).value).toEqual([certificate])
})

it('is for operators, and takes a time alone', async () => {
  const { authority, clock } = newSetting()
  const { id, workspaceId } = await newRoot(authority)
  const user = await authority.createUser({ email: 'ops@example.org' }, asHost)
  const wish = { workspaceId, userId: user.id, name: 'key', caIds: [id] }
  const { secret } = await authority.createApiKey(wish, asHost)
  const principal = await authority.authenticate(secret)
  for (const request of [{}, { expiredBefore: '2020-01-01' }, { expiredBefore: clock.now(), all: true }]) {
    await expect(authority.archiveExpired(request as never, asHost).next()).rejects.toMatchObject({
      code: 'invalid_request',
    })
  }
  await expect(
    authority.archiveExpired({ expiredBefore: new Date(0) }, { principal }).next(),
  ).rejects.toMatchObject({ code: 'permission_denied' })
})

it('the log tells how many, CA by CA', async () => {
  const setting = newSetting()
  const { authority, storage, clock } = setting
  const roots = [await newRoot(authority), await newRoot(authority, { name: 'Other' })]
  for (const [i, root] of roots.entries()) await issue(setting, root.id, i + 2)
  clock.forward(untilArchived)
  await archiveAll(setting)
  const told = await Promise.all(
    roots.map(async ({ id }) =>
      (await storage.listAuditEvents({ subjectId: id }, 100)).filter(
        ({ type }) => type === 'ca.certificates_archived',
      ),
    ),
  )
  expect(told.map((events) => events.map(({ details }) => details))).toEqual([[{ count: 2 }], [{ count: 3 }]])
})

it('a serial number whose certificate is archived is not revoked as one that has none', async () => {
  const setting = newSetting()
  const { authority, clock } = setting
  const root = await newRoot(authority)
  const [certificate] = await issue(setting, root.id)
  clock.forward(untilArchived)
  await archiveAll(setting)
  const request = { caId: root.id, serialNumber: certificate?.serialNumber ?? '' }
  await expect(authority.revokeReservation(request, asHost)).rejects.toMatchObject({
    code: 'transition_refused',
    context: { from: 'archived' },
  })
})
