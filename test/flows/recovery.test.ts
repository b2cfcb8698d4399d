import {
  createAuthority,
  PkiError,
  type Reservation,
  type Storage,
  type StorageTransaction,
} from '@certwright/core'
import { observePorts } from '@certwright/testing'
import { describe, expect, it } from 'vitest'
import { asHost, newCsr, newRoot, newSetting, ocspStatus } from './setting.js'
import { replaceMethods } from '../../packages/testing/src/chaos/replace-methods.js'

/*
 * What a crash leaves: reservations that nobody closes, and commits that are decided after their caller has gone.
 */

const csrPem = await newCsr({ commonName: 'db.example.org', dns: ['db.example.org'] })
const leaseSeconds = 121

/** A root, and one issuance below it whose process dies when the certificate is signed. */
async function crashed() {
  const { storage, custody, clock, authority } = newSetting()
  const root = await newRoot(authority)
  const ports = observePorts({ storage, custody }, ({ name, when }) => {
    if (name === 'custody.sign' && when === 'after') throw new Error('killed')
  })
  const request = { caId: root.id, mode: 'csr', csrPem } as const
  const options = { ...asHost, idempotencyKey: 'k' }
  await createAuthority({ ...ports, clock })
    .issue(request, options)
    .catch(() => undefined)
  const [open] = await storage.listOpenReservations(clock.now(), 10)
  if (open === undefined) throw new Error('nothing is open')
  return { storage, custody, clock, authority, root, open, request, options }
}

describe('recoverIssuances', () => {
  it('lists what nobody has finished, once it can no longer be running', async () => {
    const { authority, clock, open, root } = await crashed()
    expect(await authority.recoverIssuances({}, asHost)).toEqual({ unresolved: [] })
    clock.forward(leaseSeconds)
    expect(await authority.recoverIssuances({}, asHost)).toEqual({ unresolved: [open] })
    expect(open).toMatchObject({ caId: root.id, kind: 'certificate' })
  })

  it('has nothing to repair: the idempotency key is free, and the retry gets another serial number', async () => {
    const { authority, clock, open, request, options } = await crashed()
    clock.forward(leaseSeconds)
    const { certificate, replayed } = await authority.issue(request, options)
    expect(replayed).toBe(false)
    expect(certificate.serialNumber).not.toBe(open.serialNumber)
  })

  it('is for operators, and bounded', async () => {
    const { authority, root } = await crashed()
    const { secret } = await apiKeyFor(authority, root)
    const principal = await authority.authenticate(secret)
    await expect(authority.recoverIssuances({}, { principal })).rejects.toMatchObject({
      code: 'permission_denied',
    })
    await expect(authority.recoverIssuances({ limit: 10_001 }, asHost)).rejects.toMatchObject({
      code: 'invalid_request',
    })
  })
})

async function apiKeyFor(
  authority: ReturnType<typeof createAuthority>,
  root: { readonly id: string; readonly workspaceId: string },
) {
  const user = await authority.createUser({ email: 'ops@example.org' }, asHost)
  const { workspaceId, id } = root
  return authority.createApiKey({ workspaceId, userId: user.id, name: 'key', caIds: [id] }, asHost)
}

const revocationOf = ({ caId, serialNumber }: Reservation) =>
  ({ caId, serialNumber, reason: 'keyCompromise' }) as const

describe('revokeReservation', () => {
  it('puts the serial number on the CRL and into OCSP, tells the audit log, and closes the reservation', async () => {
    const { authority, storage, clock, open, root } = await crashed()
    clock.forward(leaseSeconds)
    expect(await ocspStatus(authority, root, open.serialNumber)).toEqual({ kind: 'unknown' })
    const revoked = await authority.revokeReservation(revocationOf(open), asHost)
    expect(revoked).toEqual({ reservation: open, revokedAt: clock.now(), reason: 'keyCompromise' })
    expect(await ocspStatus(authority, root, open.serialNumber)).toMatchObject({ kind: 'revoked' })
    expect((await storage.crlState(root.id, 'complete')).revocationCount).toBe(1)
    expect(await storage.listAuditEvents({ subjectId: open.id }, 10)).toMatchObject([
      { type: 'certificate.revoked', details: { serialNumber: open.serialNumber, reason: 'keyCompromise' } },
    ])
    expect(await authority.recoverIssuances({}, asHost)).toEqual({ unresolved: [] })
    await expect(authority.revokeReservation(revocationOf(open), asHost)).rejects.toMatchObject({
      code: 'already_revoked',
    })
  })

  it('does not touch what may still be running', async () => {
    const { authority, open } = await crashed()
    await expect(authority.revokeReservation(revocationOf(open), asHost)).rejects.toMatchObject({
      code: 'transition_refused',
      context: { from: 'open', to: 'revoked' },
    })
  })

  it('does not take the place of revoking a certificate', async () => {
    const { authority, root } = await crashed()
    const { certificate } = await authority.issue({ caId: root.id, commonName: 'db.example.org' }, asHost)
    const { serialNumber } = certificate
    await expect(authority.revokeReservation({ caId: root.id, serialNumber }, asHost)).rejects.toMatchObject({
      code: 'transition_refused',
      context: { from: 'recorded' },
    })
  })

  it('refuses a serial number that was never reserved, and who is no operator', async () => {
    const { authority, root, clock, open } = await crashed()
    clock.forward(leaseSeconds)
    await expect(
      authority.revokeReservation({ caId: root.id, serialNumber: '0102' }, asHost),
    ).rejects.toMatchObject({ code: 'certificate_not_found' })
    const principal = await authority.authenticate((await apiKeyFor(authority, root)).secret)
    await expect(authority.revokeReservation(revocationOf(open), { principal })).rejects.toMatchObject({
      code: 'permission_denied',
    })
  })

  it('leaves alone what is recorded at the same moment, which a read shows open until that commits', async () => {
    const { storage, custody, clock, open } = await crashed()
    clock.forward(leaseSeconds)
    const stale = await storage.findSerial(open.caId, open.serialNumber)
    await storage.transaction((tx) => tx.closeReservations([open.id], 'recorded'))
    let hasWritten = false
    const { storage: racing } = observePorts({ storage }, ({ name }) => {
      hasWritten ||= name === 'tx.closeReservations'
    })
    const withStaleReads = <T extends object>(port: T): T =>
      new Proxy(port, {
        get(target, name) {
          if (name === 'findSerial' && !hasWritten) return async () => stale
          if (name !== 'transaction') return Reflect.get(target, name) as unknown
          return (work: (tx: StorageTransaction) => Promise<unknown>) =>
            racing.transaction((tx) => work(withStaleReads(tx)))
        },
      })
    const late = createAuthority({ storage: withStaleReads(racing), custody, clock })
    await expect(late.revokeReservation(revocationOf(open), asHost)).rejects.toMatchObject({
      code: 'already_revoked',
    })
    expect((await storage.crlState(open.caId, 'complete')).revocationCount).toBe(0)
  })

  it('wins over a signature that comes back after all: nothing is handed out or recorded', async () => {
    const { authority, storage, custody, clock } = newSetting()
    const root = await newRoot(authority)
    const slow = replaceMethods(custody, {
      sign: async (request) => {
        clock.forward(leaseSeconds)
        const { unresolved } = await authority.recoverIssuances({}, asHost)
        for (const open of unresolved) await authority.revokeReservation(revocationOf(open), asHost)
        return custody.sign(request)
      },
    })
    const late = createAuthority({ storage, custody: slow, clock })
    const issuance = late.issue({ caId: root.id, mode: 'csr', csrPem }, asHost)
    await expect(issuance).rejects.toMatchObject({
      code: 'storage_conflict',
      context: { constraint: 'reservation_id' },
    })
    expect((await authority.listCertificates({}, asHost)).total).toBe(0)
    expect((await storage.crlState(root.id, 'complete')).revocationCount).toBe(1)
  })
})

/** The commit with the number `index` is cut off from its caller, and arrives when the next transaction is over. */
function withLateCommit(storage: Storage, index: number): Storage {
  let commits = 0
  let late: (() => Promise<unknown>) | undefined
  const transaction = async <T>(work: (tx: StorageTransaction) => Promise<T>): Promise<T> => {
    commits += 1
    if (commits === index) {
      late = () => storage.transaction(work).catch(() => undefined)
      throw new PkiError('storage_unavailable', 'connection lost', { retryable: true })
    }
    const result = await storage.transaction(work)
    await late?.()
    late = undefined
    return result
  }
  return replaceMethods(storage, { transaction })
}

describe('the commit of a new CA that outlives its connection', () => {
  it.each([1, 2])('leaves no CA without its key (transaction %i)', async (index) => {
    const { storage, custody, clock, authority } = newSetting()
    const { id: parentCaId } = await newRoot(authority)
    const destroyed = new Set<unknown>()
    const ports = observePorts({ storage, custody }, ({ name, args }) => {
      if (name === 'custody.destroyKey') destroyed.add(args[0])
    })
    await createAuthority({ ...ports, storage: withLateCommit(ports.storage, index), clock })
      .createIntermediate({ parentCaId, name: 'Late CA' }, asHost)
      .catch(() => undefined)
    const cas = await storage.listCas({ includeRevoked: true })
    for (const { keyId } of cas) expect(destroyed.has(keyId)).toBe(false)
    expect(cas.length === 2 || destroyed.size === 1).toBe(true)
  })
})
