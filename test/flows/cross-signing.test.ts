import {
  type Authority,
  type CaInfo,
  type CertificateInfo,
  type CrossSignRequest,
  hasCode,
  isPkiError,
  parseCertificate,
  type PkiError,
} from '@certwright/core'
import { verifyCertificate } from '@certwright/core/path'
import { memoryStorage } from '@certwright/memory'
import { describe, expect, it } from 'vitest'
import { opensslVerifies } from '../judges/verify-path.js'
import { asHost, day, newCsr, newRoot, newSetting, ocspStatus, passphrase, type Setting } from './setting.js'

/* CAs with more than one certificate: what stands below them has more than one path, and has to be valid on each. */

const host = 'db.example.org'

const newIntermediate = (authority: Authority, parent: CaInfo, change: object = {}): Promise<CaInfo> =>
  authority.createIntermediate(
    { parentCaId: parent.id, name: 'Issuing', keyAlgorithm: 'Ed25519', ...change },
    asHost,
  )

async function newLeaf(
  authority: Authority,
  ca: { readonly id: string },
  change: object = {},
): Promise<CertificateInfo> {
  const csrPem = await newCsr({ commonName: host })
  const request = { caId: ca.id, mode: 'csr' as const, csrPem, validityDays: 30, ...change }
  return (await authority.issue(request, asHost)).certificate
}

const crossSign = (
  authority: Authority,
  ca: CaInfo,
  issuer: CaInfo,
  change: Partial<CrossSignRequest> = {},
): Promise<CertificateInfo> => authority.crossSign({ caId: ca.id, issuerCaId: issuer.id, ...change }, asHost)

interface Der {
  readonly certificateDer: Uint8Array
}

/** Both judges, on one path. */
async function isValid(leaf: Der, path: readonly Der[], at: Date): Promise<boolean> {
  const chainDer = path.map(({ certificateDer }) => certificateDer)
  const theirs = await opensslVerifies({ certificateDer: leaf.certificateDer, chainDer, at })
  const ours = await verifyCertificate({
    certificate: leaf.certificateDer,
    intermediates: chainDer.slice(0, -1),
    trustAnchors: chainDer.slice(-1),
    at,
  })
  expect({ ours: ours.ok, text: theirs.text }).toEqual({ ours: theirs.accepted, text: theirs.text })
  return ours.ok
}

async function refusal(attempt: Promise<unknown>): Promise<PkiError<'path_refused'>> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!hasCode(error, 'path_refused')) throw new Error(`expected path_refused, got ${String(error)}`)
  return error
}

async function codeOf(attempt: Promise<unknown>): Promise<string | undefined> {
  try {
    await attempt
    return undefined
  } catch (error) {
    return isPkiError(error) ? error.code : 'failed'
  }
}

interface World extends Setting {
  readonly rootA: CaInfo
  readonly rootB: CaInfo
  readonly issuing: CaInfo
}

/** Two roots, and a CA below the first. */
async function newWorld(options: Parameters<typeof newSetting>[0] = {}): Promise<World> {
  const setting = newSetting(options)
  const rootA = await newRoot(setting.authority, { name: 'Root A' })
  const rootB = await newRoot(setting.authority, { name: 'Root B' })
  const issuing = await newIntermediate(setting.authority, rootA)
  return { ...setting, rootA, rootB, issuing }
}

describe('a CA that is cross-signed', () => {
  it('issues certificates that are valid under both roots, older ones included', async () => {
    const { authority, clock, rootA, rootB, issuing } = await newWorld()
    const before = await newLeaf(authority, issuing)
    const cross = await crossSign(authority, issuing, rootB)
    const after = await newLeaf(authority, issuing)
    for (const leaf of [before, after]) {
      expect(await isValid(leaf, [issuing, rootA], clock.now())).toBe(true)
      expect(await isValid(leaf, [cross, rootB], clock.now())).toBe(true)
    }
  })

  it('keeps its chain, and tells all of its certificates', async () => {
    const { authority, rootA, rootB, issuing } = await newWorld()
    const cross = await crossSign(authority, issuing, rootB)
    expect(await authority.chain(issuing.id, asHost)).toEqual([issuing.certificatePem, rootA.certificatePem])
    const known = await authority.certificatesOfCa(issuing.id, asHost)
    expect(
      known.map(({ issuerCaId, isCurrent, certificateId }) => [issuerCaId, isCurrent, certificateId]),
    ).toEqual([
      [rootA.id, true, undefined],
      [rootB.id, false, cross.id],
    ])
    expect(known[1]).toMatchObject({ serialNumber: cross.serialNumber, issuer: 'CN=Root B' })
  })

  it('cannot issue what the cross certificate forbids, and the refusal has that path', async () => {
    const { authority, storage, rootB, issuing } = await newWorld()
    const nameConstraints = { permitted: { dns: ['example.com'] } }
    const cross = await crossSign(authority, issuing, rootB, { nameConstraints })
    const error = await refusal(newLeaf(authority, issuing))
    expect(error.context.faults[0]).toMatchObject({ fault: 'name_not_permitted', depth: 0 })
    expect(error.context.path).toEqual([
      { subject: 'CN=Issuing', issuer: 'CN=Root B', serialNumber: cross.serialNumber },
      { subject: 'CN=Root B', issuer: 'CN=Root B', serialNumber: rootB.serialNumber },
    ])
    expect(error.message).toContain('Root B')
    expect(await storage.listOpenReservations(new Date('2100-01-01'), 10)).toEqual([])
    const csrPem = await newCsr({ commonName: 'db.example.com' })
    expect(await codeOf(newLeaf(authority, issuing, { csrPem }))).toBeUndefined()
  })

  it('is refused for purposes that the cross certificate leaves out', async () => {
    const { authority, rootB, issuing } = await newWorld()
    await crossSign(authority, issuing, rootB, { extendedKeyUsage: ['clientAuth'] })
    const { context } = await refusal(newLeaf(authority, issuing))
    expect(context.faults[0]?.fault).toBe('extended_key_usage_not_nested')
    expect(await codeOf(newLeaf(authority, issuing, { profile: 'clientAuth' }))).toBeUndefined()
  })

  it('has no CA below it where the cross certificate allows none', async () => {
    const { authority, clock, rootA, rootB, issuing } = await newWorld()
    const cross = await crossSign(authority, issuing, rootB, { pathLength: 0 })
    const error = await refusal(newIntermediate(authority, issuing, { name: 'Below' }))
    expect(error.context.faults[0]).toMatchObject({ fault: 'path_length_exceeded', depth: 1 })
    expect(error.context.path?.[0]?.serialNumber).toBe(cross.serialNumber)
    const leaf = await newLeaf(authority, issuing)
    expect(await isValid(leaf, [cross, rootB], clock.now())).toBe(true)
    expect(await isValid(leaf, [issuing, rootA], clock.now())).toBe(true)
  })

  it('keeps issuing below a CA for which the cross certificate leaves no room: that path was never one', async () => {
    const { authority, clock, rootA, rootB, issuing } = await newWorld()
    const below = await newIntermediate(authority, issuing, { name: 'Below' })
    const cross = await crossSign(authority, issuing, rootB, { pathLength: 0 })
    const leaf = await newLeaf(authority, below)
    expect(await isValid(leaf, [below, issuing, rootA], clock.now())).toBe(true)
    expect(await isValid(leaf, [below, cross, rootB], clock.now())).toBe(false)
  })

  it('is bound by cross certificates of the CAs above it, too', async () => {
    const { authority, rootA, rootB, issuing } = await newWorld()
    const rootC = await newRoot(authority, { name: 'Root C' })
    await crossSign(authority, rootA, rootB)
    const nameConstraints = { excluded: { dns: ['example.org'] } }
    await crossSign(authority, rootB, rootC, { nameConstraints })
    const { context } = await refusal(newLeaf(authority, issuing))
    expect(context.path?.map(({ subject }) => subject)).toEqual([
      'CN=Issuing',
      'CN=Root A',
      'CN=Root B',
      'CN=Root C',
    ])
  })

  it('does not mind that two roots have signed each other', async () => {
    const { authority, clock, rootA, rootB, issuing } = await newWorld()
    const aByB = await crossSign(authority, rootA, rootB)
    await crossSign(authority, rootB, rootA)
    const leaf = await newLeaf(authority, issuing)
    expect(await isValid(leaf, [issuing, aByB, rootB], clock.now())).toBe(true)
  })

  it('is free again when the cross certificate has expired', async () => {
    const { authority, clock, rootB, issuing } = await newWorld()
    const nameConstraints = { permitted: { dns: ['example.com'] } }
    await crossSign(authority, issuing, rootB, { nameConstraints, validityDays: 10 })
    await refusal(newLeaf(authority, issuing))
    clock.forward(11 * day)
    expect(await codeOf(newLeaf(authority, issuing))).toBeUndefined()
  })

  it('is free again when the cross certificate is revoked', async () => {
    const { authority, rootB, issuing } = await newWorld()
    const nameConstraints = { permitted: { dns: ['example.com'] } }
    const cross = await crossSign(authority, issuing, rootB, { nameConstraints })
    await refusal(newLeaf(authority, issuing))
    await authority.revoke({ certificateId: cross.id, reason: 'cessationOfOperation' }, asHost)
    expect(await codeOf(newLeaf(authority, issuing))).toBeUndefined()
    expect((await ocspStatus(authority, rootB, cross.serialNumber)).kind).toBe('revoked')
  })

  it('is free again when the CA that has cross-signed it is revoked', async () => {
    const { authority, rootB, issuing } = await newWorld()
    await crossSign(authority, issuing, rootB, { nameConstraints: { permitted: { dns: ['example.com'] } } })
    await authority.revokeCa({ caId: rootB.id }, asHost)
    expect(await codeOf(newLeaf(authority, issuing))).toBeUndefined()
  })

  it('may issue beyond the end of a cross certificate: that path ends, and another is left', async () => {
    const { authority, clock, rootA, rootB, issuing } = await newWorld()
    const cross = await crossSign(authority, issuing, rootB, { validityDays: 10 })
    const leaf = await newLeaf(authority, issuing)
    expect(await isValid(leaf, [cross, rootB], clock.now())).toBe(true)
    clock.forward(11 * day)
    expect(await isValid(leaf, [cross, rootB], clock.now())).toBe(false)
    expect(await isValid(leaf, [issuing, rootA], clock.now())).toBe(true)
  })

  it('loses all of its certificates when it is revoked', async () => {
    const { authority, rootA, rootB, issuing } = await newWorld()
    const cross = await crossSign(authority, issuing, rootB)
    await authority.revokeCa({ caId: issuing.id, reason: 'keyCompromise' }, asHost)
    expect((await ocspStatus(authority, rootA, issuing.serialNumber)).kind).toBe('revoked')
    expect((await ocspStatus(authority, rootB, cross.serialNumber)).kind).toBe('revoked')
    const known = await authority.certificatesOfCa(issuing.id, asHost)
    expect(known.every(({ revokedAt }) => revokedAt !== undefined)).toBe(true)
    expect(await codeOf(crossSign(authority, issuing, rootB))).toBe('ca_revoked')
    const { certificatePem: certificate } = issuing
    const again = authority.crossSign({ certificate, issuerCaId: rootB.id }, asHost)
    expect(await codeOf(again)).toBe('ca_revoked')
  })

  it('is known to another process over the same store', async () => {
    const storage = memoryStorage()
    const { authority, custody, clock, rootB, issuing } = await newWorld({ storage })
    const other = newSetting({ storage, custody, clock }).authority
    await newLeaf(other, issuing)
    await crossSign(authority, issuing, rootB, { nameConstraints: { permitted: { dns: ['example.com'] } } })
    expect((await refusal(newLeaf(other, issuing))).code).toBe('path_refused')
  })

  it('can be cross-signed many times at once: each certificate is counted', async () => {
    const { authority, rootB, issuing } = await newWorld()
    const attempts = Array.from({ length: 4 }, () => codeOf(crossSign(authority, issuing, rootB)))
    const codes = await Promise.all(attempts)
    const made = codes.filter((code) => code === undefined).length
    expect(made).toBeGreaterThan(0)
    expect(codes.filter((code) => code !== undefined && code !== 'idempotency_in_progress')).toEqual([])
    expect(await authority.certificatesOfCa(issuing.id, asHost)).toHaveLength(1 + made)
  })

  it('is counted on after a signature that failed', async () => {
    const world = await newWorld()
    const { storage, clock, rootB, issuing } = world
    const lame = { ...world.custody, sign: () => Promise.reject(new Error('the module is gone')) }
    const broken = newSetting({ storage, custody: lame, clock }).authority
    expect(await codeOf(crossSign(broken, issuing, rootB))).toBe('failed')
    clock.forward(180)
    await crossSign(world.authority, issuing, rootB)
    expect(await world.authority.certificatesOfCa(issuing.id, asHost)).toHaveLength(2)
  })
})

/** All but the authority key identifier, which names the issuer. */
const limitsOf = ({ certificateDer }: Der) =>
  parseCertificate(certificateDer).extensions.filter(({ oid }) => oid !== '2.5.29.35')

describe('a cross certificate', () => {
  it('carries over what the CA is limited to, unless the request says otherwise', async () => {
    const { authority, rootA, rootB } = await newWorld()
    const nameConstraints = { permitted: { dns: ['example.org'] } }
    const bound = await newIntermediate(authority, rootA, { name: 'Bound', pathLength: 1, nameConstraints })
    const same = await crossSign(authority, bound, rootB)
    expect(limitsOf(same)).toEqual(limitsOf(bound))
    const wider = await crossSign(authority, bound, rootB, { pathLength: 0 })
    expect(limitsOf(wider)).not.toEqual(limitsOf(bound))
  })

  it('is refused where its own issuer would not allow it', async () => {
    const { authority, rootB, issuing } = await newWorld()
    const narrow = await newIntermediate(authority, rootB, { name: 'Narrow', pathLength: 0 })
    const { context } = await refusal(crossSign(authority, issuing, narrow))
    expect(context.faults[0]?.fault).toBe('path_length_exceeded')
  })

  it.each(['caId', 'certificate'] as const)(
    'for the own issuer is a re-issue, also of the CA named by %s',
    async (named) => {
      const { authority, rootA, issuing } = await newWorld()
      const ca = named === 'caId' ? { caId: issuing.id } : { certificate: issuing.certificatePem }
      expect(await codeOf(authority.crossSign({ ...ca, issuerCaId: rootA.id }, asHost))).toBe(
        'invalid_request',
      )
    },
  )

  it('for a CA from elsewhere is made of its certificate or its CSR, and held to nothing here', async () => {
    const { authority: elsewhere, clock, issuing } = await newWorld()
    const leaf = await newLeaf(elsewhere, issuing)
    const { authority } = newSetting({ clock })
    const root = await newRoot(authority, { name: 'Ours' })
    const request = { certificate: issuing.certificatePem, issuerCaId: root.id, pathLength: 0 }
    const cross = await authority.crossSign(request, asHost)
    expect(await isValid(leaf, [cross, root], clock.now())).toBe(true)

    const csrPem = await newCsr({ commonName: 'Partner CA' })
    const partner = await authority.crossSign({ csrPem, issuerCaId: root.id, validityDays: 10 }, asHost)
    expect(await isValid(partner, [root], clock.now())).toBe(true)
    expect(partner.profile).toBe('caCertificate')
  })

  it('is neither made of a leaf nor of a CSR that asks for names', async () => {
    const { authority, rootB, issuing } = await newWorld()
    const { certificatePem: certificate } = await newLeaf(authority, issuing)
    expect(await codeOf(authority.crossSign({ certificate, issuerCaId: rootB.id }, asHost))).toBe(
      'invalid_request',
    )
    const csrPem = await newCsr({ commonName: 'Partner CA', dns: [host] })
    expect(await codeOf(authority.crossSign({ csrPem, issuerCaId: rootB.id }, asHost))).toBe('invalid_csr')
    expect(await codeOf(authority.crossSign({ issuerCaId: rootB.id }, asHost))).toBe('invalid_request')
  })

  it("is listed and in the audit log, and is neither renewed, nor held, nor an API key's to revoke", async () => {
    const { authority, storage, rootB, issuing } = await newWorld()
    const cross = await crossSign(authority, issuing, rootB)
    const page = await authority.listCertificates({ caId: rootB.id }, asHost)
    expect(page.certificates.map(({ id }) => id)).toEqual([cross.id])
    const [event] = await storage.listAuditEvents({ subjectId: cross.id }, 10)
    expect(event).toMatchObject({
      type: 'ca.cross_signed',
      details: { subjectCaId: issuing.id, caId: rootB.id },
    })
    expect(await codeOf(authority.renew({ certificateId: cross.id }, asHost))).toBe('unknown_profile')
    const hold = { certificateId: cross.id, reason: 'certificateHold' } as const
    expect(await codeOf(authority.revoke(hold, asHost))).toBe('transition_refused')

    const user = await authority.createUser({ email: 'ops@example.org' }, asHost)
    const grants = { [rootB.id]: { canRead: true, canIssue: true, canRevoke: true } }
    const { secret } = await authority.createApiKey(
      { userId: user.id, workspaceId: rootB.workspaceId, name: 'ops', grants },
      asHost,
    )
    const asKey = { principal: await authority.authenticate(secret) }
    expect(await codeOf(authority.revoke({ certificateId: cross.id }, asKey))).toBe('permission_denied')
  })

  it('needs the passphrase of its issuer', async () => {
    const { authority, issuing } = await newWorld()
    const locked = await newRoot(authority, { name: 'Locked', passphrase })
    expect(await codeOf(crossSign(authority, issuing, locked))).toBe('passphrase_required')
    expect((await crossSign(authority, issuing, locked, { issuerPassphrase: passphrase })).caId).toBe(
      locked.id,
    )
  })
})

describe('a CA that is re-issued', () => {
  it('has the new certificate in its chain, and what it issued before is valid with either', async () => {
    const { authority, clock, rootA, issuing } = await newWorld()
    const before = await newLeaf(authority, issuing)
    clock.forward(day)
    const renewed = await authority.reissueCa({ caId: issuing.id }, asHost)
    const after = await newLeaf(authority, issuing)
    expect(renewed.notAfter > issuing.notAfter).toBe(true)
    expect(renewed.serialNumber).not.toBe(issuing.serialNumber)
    expect(await authority.chain(issuing.id, asHost)).toEqual([renewed.certificatePem, rootA.certificatePem])
    expect(await authority.getCa(issuing.id, asHost)).toEqual(renewed)
    expect(await authority.caCertificate(issuing.id)).toEqual(renewed.certificateDer)
    for (const leaf of [before, after])
      for (const ca of [issuing, renewed]) expect(await isValid(leaf, [ca, rootA], clock.now())).toBe(true)
  })

  it('issues beyond the end of its old certificate', async () => {
    const { authority, clock, rootA } = await newWorld()
    const short = await newIntermediate(authority, rootA, { name: 'Short', validityDays: 10 })
    expect(await codeOf(newLeaf(authority, short))).toBe('validity_refused')
    const renewed = await authority.reissueCa({ caId: short.id, validityDays: 100 }, asHost)
    clock.forward(11 * day)
    const leaf = await newLeaf(authority, short)
    expect(await isValid(leaf, [renewed, rootA], clock.now())).toBe(true)
    expect(await isValid(leaf, [short, rootA], clock.now())).toBe(false)
  })

  it('may be a root, whose old and new certificate are both trust anchors for all below', async () => {
    const { authority, clock, rootA, issuing } = await newWorld()
    clock.forward(day)
    const renewed = await authority.reissueCa({ caId: rootA.id }, asHost)
    const leaf = await newLeaf(authority, issuing)
    for (const root of [rootA, renewed]) expect(await isValid(leaf, [issuing, root], clock.now())).toBe(true)
    expect((await ocspStatus(authority, renewed, issuing.serialNumber)).kind).toBe('good')
  })

  it('must end later than it does, and inside its issuer', async () => {
    const { authority, rootA, issuing } = await newWorld()
    for (const [ca, validityDays] of [
      [issuing, 10],
      [rootA, 10],
      [issuing, 36_500],
    ] as const) {
      expect(await codeOf(authority.reissueCa({ caId: ca.id, validityDays }, asHost))).toBe(
        'validity_refused',
      )
    }
  })

  it('goes back to its old certificate when the new one is revoked', async () => {
    const { authority, clock, issuing } = await newWorld()
    clock.forward(day)
    await authority.reissueCa({ caId: issuing.id }, asHost)
    const [, newest] = await authority.certificatesOfCa(issuing.id, asHost)
    await authority.revoke({ certificateId: newest?.certificateId as string, reason: 'superseded' }, asHost)
    expect((await authority.getCa(issuing.id, asHost)).serialNumber).toBe(issuing.serialNumber)
    expect(await codeOf(newLeaf(authority, issuing))).toBeUndefined()
  })
})
