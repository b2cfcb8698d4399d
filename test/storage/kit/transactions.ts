import {
  hasCode,
  type StorageConstraint,
  type StorageReads,
  type StorageTransaction,
  type Storage,
} from '@certwright/core'
import { describe, expect, it } from 'vitest'
import {
  apiKey,
  at,
  ca,
  certificate,
  collect,
  first,
  idempotencyRecord,
  now,
  reservation,
  revocation,
  serial,
  user,
  workspace,
  write,
} from './records.js'

const crl = (number: number) => ({
  caId: 'ca1',
  number,
  thisUpdate: now,
  nextUpdate: at('03-02T12:00:00'),
  der: Uint8Array.of(number),
  revocationCount: 0,
})
const event = (id: string) =>
  ({
    id,
    at: now,
    type: 'certificate.issued',
    workspaceId: 'w1',
    subjectId: `subject of ${id}`,
    actor: { kind: 'apiKey', id: 'k1' },
    details: { commonName: 'db.example.org' },
  }) as const

async function writeEverything(tx: StorageTransaction): Promise<void> {
  await tx.insertWorkspace(workspace())
  await tx.insertUser(user())
  await tx.insertApiKey(apiKey())
  await tx.insertCa(ca())
  await tx.insertReservations([reservation()])
  await tx.insertCertificates([certificate()])
  await tx.closeReservations(['c1'], 'recorded')
  await tx.setOcspResponder('ca1', {
    keyId: 'r',
    keyAlgorithm: 'ECDSA-P256',
    certificateDer: Uint8Array.of(1),
    notBefore: now,
    notAfter: now,
  })
  await tx.insertRevocation(revocation(), first('c1'))
  await tx.nextCrlNumber('ca1')
  await tx.insertCrl(crl(1))
  await tx.claimIdempotencyKey(idempotencyRecord(), now)
  await tx.appendEvents({ audit: [event('e1')], outbox: [event('e1')] })
}

/** Everything that a reader can see of what `writeEverything` writes. */
async function readEverything(storage: StorageReads) {
  return {
    workspace: await storage.findWorkspace('w1'),
    bySlug: await storage.findWorkspaceBySlug('example'),
    user: await storage.findUser('u1'),
    apiKey: await storage.findApiKeyByHash('ab'.repeat(32)),
    ca: await storage.findCa('ca1'),
    cas: await storage.listCas({ includeRevoked: true }),
    certificate: await storage.findCertificate('c1'),
    certificates: await storage.listCertificates({ now }, { page: 1, pageSize: 10 }),
    ofCa: await storage.listCertificates({ now, caIds: ['ca1'] }, { page: 1, pageSize: 10 }),
    serial: await storage.findSerial('ca1', serial('0a')),
    revocations: await collect(storage.listRevocations('ca1')),
    crl: await storage.crlState('ca1'),
    idempotency: await storage.findIdempotencyRecord(idempotencyRecord(), now),
    audit: await storage.listAuditEvents({}, 10),
    outbox: await storage.listOutboxEvents(10),
  }
}

/** What a careless caller may do to records that it holds. */
const spoil = (
  key: { grants: unknown; createdAt: Date },
  kept: { certificateDer: Uint8Array; sanDns: unknown },
) => {
  ;(key.grants as Map<string, { canRevoke: boolean }>).forEach((rights) => {
    rights.canRevoke = true
  })
  ;(key.grants as Map<string, unknown>).clear()
  key.createdAt.setTime(0)
  kept.certificateDer.fill(0xff)
  ;(kept.sanDns as string[]).push('evil.example.org')
}

export function transactionsBehave(newStorage: () => Storage): void {
  describe('a transaction is atomic and isolated', () => {
    it('leaves no trace of any write when its work rejects, and the error is the one of the work', async () => {
      const storage = newStorage()
      const before = await readEverything(storage)
      const failure = new Error('power failure')
      const run = storage.transaction(async (tx) => {
        await writeEverything(tx)
        throw failure
      })
      await expect(run).rejects.toBe(failure)
      expect(await readEverything(storage)).toEqual(before)
      // Nothing that was taken stays taken.
      await storage.transaction(writeEverything)
    })

    it('shows its writes to itself at once, and to readers outside after the commit, all together', async () => {
      const storage = newStorage()
      const empty = await readEverything(storage)
      const inside = await storage.transaction(async (tx) => {
        await writeEverything(tx)
        expect(await readEverything(storage)).toEqual(empty)
        return readEverything(tx)
      })
      expect(inside).not.toEqual(empty)
      expect(inside.certificate?.revokedAt).toEqual(now)
      expect(inside.ofCa.total).toBe(1)
      expect(await readEverything(storage)).toEqual(inside)
    })

    it('rolls back where work throws before its first await', async () => {
      const storage = newStorage()
      const run = storage.transaction((tx) => {
        void tx.insertUser(user())
        throw new RangeError('at once')
      })
      await expect(run).rejects.toThrow(RangeError)
      expect(await storage.findUser('u1')).toBeUndefined()
    })

    it('loses no update when 100 run at once', async () => {
      const storage = newStorage()
      const numbers = await Promise.all(
        Array.from({ length: 100 }, () =>
          storage.transaction(async (tx) => {
            await new Promise((resolve) => setImmediate(resolve))
            return tx.nextCrlNumber('ca1')
          }),
        ),
      )
      expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1))
    })

    it('gives one success and 99 conflicts to 100 reservations of one serial number', async () => {
      const storage = newStorage()
      const runs = await Promise.allSettled(
        Array.from({ length: 100 }, (_, i) =>
          write(storage, (tx) => tx.insertReservations([reservation({ id: `r${i}` })])),
        ),
      )
      const conflicts = runs.filter(
        (run) => run.status === 'rejected' && hasCode(run.reason, 'storage_conflict'),
      )
      expect(conflicts).toHaveLength(99)
      expect(runs.filter((run) => run.status === 'fulfilled')).toHaveLength(1)
    })

    it('goes on after a transaction that failed', async () => {
      const storage = newStorage()
      const failed = storage.transaction(() => Promise.reject(new Error('no')))
      const next = write(storage, (tx) => tx.insertUser(user()))
      await expect(failed).rejects.toThrow('no')
      await next
      expect(await storage.findUser('u1')).toEqual(user())
    })
  })

  describe('uniqueness is reported under the name of the constraint', () => {
    const second: Record<string, [StorageConstraint, (tx: StorageTransaction) => Promise<unknown>]> = {
      'a workspace id': ['workspace_id', (tx) => tx.insertWorkspace(workspace({ slug: 'other' }))],
      'a slug': ['workspace_slug', (tx) => tx.insertWorkspace(workspace({ id: 'w2' }))],
      'a user id': ['user_id', (tx) => tx.insertUser(user({ email: 'bob@example.org' }))],
      'an email in other case': [
        'user_email',
        (tx) => tx.insertUser(user({ id: 'u2', email: 'Ada@Example.org' })),
      ],
      'an API key id': ['api_key_id', (tx) => tx.insertApiKey(apiKey({ secretHash: '00' }))],
      'an API key': ['api_key_hash', (tx) => tx.insertApiKey(apiKey({ id: 'k2' }))],
      'a CA id': ['ca_id', (tx) => tx.insertCa(ca({ name: 'Other' }))],
      'the name of a CA': ['ca_name', (tx) => tx.insertCa(ca({ id: 'ca2' }))],
      'a serial number': ['serial_number', (tx) => tx.insertReservations([reservation({ id: 'c2' })])],
      'a reservation id': [
        'reservation_id',
        (tx) => tx.insertReservations([reservation({ serialNumber: serial('0b') })]),
      ],
      'a certificate id': [
        'certificate_id',
        (tx) => tx.insertCertificates([certificate({ serialNumber: serial('0b') })]),
      ],
      'a CRL number': ['crl_number', (tx) => tx.insertCrl(crl(1))],
      'an audit event id': ['event_id', (tx) => tx.appendEvents({ audit: [event('e1')], outbox: [] })],
      'an outbox event id': ['event_id', (tx) => tx.appendEvents({ audit: [], outbox: [event('e1')] })],
    }
    for (const [what, [constraint, insert]] of Object.entries(second)) {
      it(`refuses ${what} that exists, committed or in the same transaction`, async () => {
        const storage = newStorage()
        const conflict = { code: 'storage_conflict', context: { constraint } }
        const both = storage.transaction(async (tx) => {
          await writeEverything(tx)
          await insert(tx)
        })
        await expect(both).rejects.toMatchObject(conflict)
        await storage.transaction(writeEverything)
        const before = await readEverything(storage)
        await expect(write(storage, insert)).rejects.toMatchObject(conflict)
        expect(await readEverything(storage)).toEqual(before)
      })
    }

    it('allows the same serial number under another CA, and the same CA name in another workspace', async () => {
      const storage = newStorage()
      await storage.transaction(writeEverything)
      await write(storage, (tx) => tx.insertReservations([reservation({ id: 'c2', caId: 'ca2' })]))
      await write(storage, (tx) => tx.insertCa(ca({ id: 'ca2', workspaceId: 'w2' })))
      expect((await storage.findSerial('ca2', serial('0a')))?.reservation.id).toBe('c2')
      expect(await storage.listCas({ includeRevoked: true })).toHaveLength(2)
    })

    it('frees the name of a CA when the CA is revoked, and only then', async () => {
      const storage = newStorage()
      await write(storage, (tx) => tx.insertCa(ca()))
      await write(storage, (tx) =>
        tx.insertRevocation(revocation({ serialNumber: serial('01') }), first('ca1')),
      )
      await write(storage, (tx) => tx.insertCa(ca({ id: 'ca2' })))
      expect((await storage.listCas({})).map(({ id }) => id)).toEqual(['ca2'])
      expect(await storage.findCa('ca1')).toMatchObject({ revokedAt: now, revocationReason: 'keyCompromise' })
      const third = write(storage, (tx) => tx.insertCa(ca({ id: 'ca3' })))
      await expect(third).rejects.toMatchObject({ context: { constraint: 'ca_name' } })
    })
  })

  describe('records are values', () => {
    it('gives back bytes, times, maps and absence as they went in', async () => {
      const storage = newStorage()
      const withBuffer = ca({
        certificateDer: Buffer.from([1, 2, 3, 4]).subarray(1, 3),
        externalChainDer: [Uint8Array.of(9)],
        ocspResponder: {
          keyId: 'r',
          keyAlgorithm: 'ECDSA-P256',
          certificateDer: Uint8Array.of(7),
          notBefore: now,
          notAfter: now,
        },
      })
      await storage.transaction(async (tx) => {
        await tx.insertCa(withBuffer)
        await tx.insertApiKey(apiKey())
      })
      const found = await storage.findCa('ca1')
      expect(found).toEqual({ ...withBuffer, certificateDer: Uint8Array.of(2, 3) })
      expect(found).not.toHaveProperty('pathLength')
      expect(await storage.findApiKeyByHash('ab'.repeat(32))).toEqual(apiKey())
    })

    it('is not changed by what a caller does to a record afterwards, whether it put it in or got it out', async () => {
      const storage = newStorage()
      const key = apiKey({ createdAt: new Date(now) })
      const kept = certificate()
      await storage.transaction(async (tx) => {
        await tx.insertApiKey(key)
        await tx.insertCertificates([kept])
      })
      for (let i = 0; i < 2; i++) {
        spoil(key, kept)
        const foundKey = await storage.findApiKeyByHash('ab'.repeat(32))
        const found = await storage.findCertificate('c1')
        expect([foundKey, found]).toEqual([apiKey(), certificate()])
        if (foundKey !== undefined && found !== undefined) spoil(foundKey, found)
      }
    })

    it('refuses a time that is not in whole seconds, which a database would round', async () => {
      const insert = write(newStorage(), (tx) => tx.insertUser(user({ createdAt: new Date(1500) })))
      await expect(insert).rejects.toThrow(RangeError)
    })
  })

  describe('CRL numbers and lists', () => {
    it('counts by CA, gives no committed number twice, and takes back what was rolled back', async () => {
      const storage = newStorage()
      const next = () => write(storage, (tx) => tx.nextCrlNumber('ca1'))
      expect(await next()).toBe(1)
      const failed = storage.transaction(async (tx) => {
        expect(await tx.nextCrlNumber('ca1')).toBe(2)
        throw new Error('no')
      })
      await expect(failed).rejects.toThrow('no')
      expect([await next(), await next()]).toEqual([2, 3])
      expect(await write(storage, (tx) => tx.nextCrlNumber('ca2'))).toBe(1)
    })

    it('knows the list with the highest number, also where a slower publisher comes last', async () => {
      const storage = newStorage()
      await write(storage, (tx) => tx.insertCrl(crl(2)))
      await write(storage, (tx) => tx.insertCrl(crl(1)))
      const { der: _der, ...summary } = crl(2)
      expect(await storage.crlState('ca1')).toEqual({ revocationCount: 0, latest: summary })
      expect(await storage.findLatestCrl('ca1')).toEqual(crl(2))
      expect(await storage.crlState('ca2')).toEqual({ revocationCount: 0 })
      expect(await storage.findLatestCrl('ca2')).toBeUndefined()
    })
  })

  describe('events', () => {
    it('lists audit events oldest first, filtered, up to the limit', async () => {
      const storage = newStorage()
      await storage.transaction(async (tx) => {
        for (const id of ['e1', 'e2', 'e3']) await tx.appendEvents({ audit: [event(id)], outbox: [] })
        await tx.appendEvents({ audit: [{ ...event('e4'), workspaceId: 'w2' }], outbox: [] })
      })
      const ids = async (filter: { workspaceId?: string; subjectId?: string }, limit: number) =>
        (await storage.listAuditEvents(filter, limit)).map(({ id }) => id)
      expect(await ids({}, 2)).toEqual(['e1', 'e2'])
      expect(await ids({ workspaceId: 'w2' }, 2)).toEqual(['e4'])
      expect(await ids({ workspaceId: 'w1', subjectId: 'subject of e3' }, 2)).toEqual(['e3'])
    })

    it('no longer lists an outbox event that is acknowledged, and ignores unknown ids', async () => {
      const storage = newStorage()
      await storage.transaction(async (tx) => {
        for (const id of ['e1', 'e2', 'e3']) await tx.appendEvents({ audit: [], outbox: [event(id)] })
      })
      await write(storage, (tx) => tx.acknowledgeOutboxEvents(['e2', 'unknown', 'e2']))
      expect((await storage.listOutboxEvents(10)).map(({ id }) => id)).toEqual(['e1', 'e3'])
      expect((await storage.listOutboxEvents(1)).map(({ id }) => id)).toEqual(['e1'])
    })
  })
}
