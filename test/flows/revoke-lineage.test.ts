import type { Authority, LineageProgress, LineageRoot } from '@certwright/core'
import { crashAt } from '@certwright/testing'
import { expect, it } from 'vitest'
import { asHost, day, newCsr, newRoot, newSetting, passphrase } from './setting.js'

const csrPem = await newCsr({ commonName: 'db.example.org' })

async function setting() {
  const made = newSetting()
  const { authority } = made
  const root = await newRoot(authority)
  const below = { parentCaId: root.id, name: 'Issuing', keyAlgorithm: 'Ed25519' } as const
  const issuing = await authority.createIntermediate(below, asHost)
  const issue = async (caId: string, count: number) =>
    (
      await authority.issueMany(
        Array.from({ length: count }, () => ({ caId, mode: 'csr', csrPem }) as const),
        asHost,
      )
    ).map(({ certificate }) => certificate)
  return { ...made, root, issuing, issue }
}

async function revokeAll(authority: Authority, under: LineageRoot): Promise<LineageProgress | undefined> {
  let last: LineageProgress | undefined
  for await (const progress of authority.revokeLineage({ under, reason: 'keyCompromise' }, asHost))
    last = progress
  return last
}

const stateOf = async (authority: Authority, ids: readonly string[]) =>
  Promise.all(ids.map(async (id) => (await authority.getCertificate(id, asHost)).revocationReason))

it('everything under a CA, in batches: what is revoked or expired stays as it is, and a hold ends in revocation', async () => {
  const { authority, root, issuing, issue, clock } = await setting()
  const [gone] = await issue(issuing.id, 1)
  await authority.revoke({ certificateId: gone?.id ?? '', reason: 'superseded' }, asHost)
  const [held, ...others] = await issue(issuing.id, 230)
  await authority.revoke({ certificateId: held?.id ?? '', reason: 'certificateHold' }, asHost)
  const { certificate: expired } = await authority.issue(
    { caId: root.id, mode: 'csr', csrPem, validityDays: 1 },
    asHost,
  )
  clock.forward(2 * day)
  const batches: LineageProgress[] = []
  const request = { under: { caId: root.id }, reason: 'keyCompromise' } as const
  for await (const progress of authority.revokeLineage(request, asHost)) batches.push(progress)
  expect(batches).toHaveLength(3)
  expect(batches.at(-1)).toEqual({ revoked: 230, passedOver: 2 })
  const ids = [gone, held, others[0], expired].map((one) => one?.id ?? '')
  expect(await stateOf(authority, ids)).toEqual(['superseded', 'keyCompromise', 'keyCompromise', undefined])
  expect(await revokeAll(authority, { caId: root.id })).toEqual({ revoked: 0, passedOver: 232 })
})

it('everything of a key, wherever it was certified', async () => {
  const { authority, storage, root, issuing, issue } = await setting()
  const [a] = await issue(root.id, 1)
  const [b] = await issue(issuing.id, 1)
  const other = await newCsr({ commonName: 'db.example.org' })
  const { certificate: c } = await authority.issue({ caId: root.id, mode: 'csr', csrPem: other }, asHost)
  const spkiHash = (await storage.findCertificate(a?.id ?? ''))?.spkiHash ?? ''
  expect(await revokeAll(authority, { spkiHash })).toEqual({ revoked: 2, passedOver: 0 })
  expect(await stateOf(authority, [a?.id ?? '', b?.id ?? '', c.id])).toEqual([
    'keyCompromise',
    'keyCompromise',
    undefined,
  ])
})

it('a certificate and what it was renewed by, and not what came before it', async () => {
  const { authority, root } = await setting()
  const { certificate: first } = await authority.issue(
    { caId: root.id, commonName: 'db.example.org' },
    asHost,
  )
  const renew = async (certificateId: string) =>
    (await authority.renew({ certificateId }, asHost)).certificate.id
  const second = await renew(first.id)
  const [third, twin] = [await renew(second), await renew(second)]
  const fourth = await renew(third)
  await revokeAll(authority, { certificateId: second })
  expect(await stateOf(authority, [first.id, second, third, twin, fourth])).toEqual([
    undefined,
    'keyCompromise',
    'keyCompromise',
    'keyCompromise',
    'keyCompromise',
  ])
})

it('a lineage is read by whoever may read its certificates', async () => {
  const { authority, root, issuing, issue } = await setting()
  await issue(root.id, 1)
  await issue(issuing.id, 101)
  const sizes: number[] = []
  for await (const page of authority.lineage({ caId: root.id }, asHost)) sizes.push(page.length)
  expect(sizes).toEqual([100, 2])
  const unknown = authority.lineage({ certificateId: '01900000-0000-7000-8000-000000000000' }, asHost)
  await expect(unknown.next()).rejects.toMatchObject({ code: 'certificate_not_found' })
})

it('a call that is cut off is made again, and goes on', async () => {
  const { storage, custody, clock, authority, issuing, issue } = await setting()
  await issue(issuing.id, 150)
  const dying = newSetting({ ...crashAt({ storage, custody }, 140, 'before'), clock }).authority
  await expect(revokeAll(dying, { caId: issuing.id })).rejects.toMatchObject({ code: 'storage_unavailable' })
  const { total } = await authority.listCertificates({ status: 'revoked' }, asHost)
  expect(total).toBe(100)
  expect(await revokeAll(authority, { caId: issuing.id })).toEqual({ revoked: 50, passedOver: 100 })
})

it('is refused before anything is revoked', async () => {
  const { authority, root, issue } = await setting()
  await issue(root.id, 1)
  const locked = await newRoot(authority, { name: 'Locked', passphrase })
  await authority.issue({ caId: locked.id, mode: 'csr', csrPem, caPassphrase: passphrase }, asHost)
  const codeOf = async (request: object): Promise<unknown> =>
    authority
      .revokeLineage({ under: { caId: root.id }, reason: 'superseded', ...request } as never, asHost)
      .next()
      .catch((error: unknown) => (error as { code: unknown }).code)
  expect(await codeOf({ reason: 'certificateHold' })).toBe('invalid_request')
  expect(await codeOf({ under: {} })).toBe('invalid_request')
  expect(await codeOf({ under: { spkiHash: 'abc' } })).toBe('invalid_request')
  expect(await codeOf({ invalidityDate: new Date('2100-01-01') })).toBe('invalid_request')
  expect(await codeOf({ under: { caId: '01900000-0000-7000-8000-000000000000' } })).toBe('ca_not_found')
  expect(await codeOf({ under: { caId: locked.id } })).toBe('passphrase_required')
  expect((await authority.listCertificates({ status: 'revoked' }, asHost)).total).toBe(0)
})
