import {
  type CertificateRecord,
  createAuthority,
  type IdempotencyRecord,
  operator,
  type SerialNumber,
} from '@certwright/core'
import { memoryCustody } from '@certwright/memory'
import { fromPool, migrate, postgresStorage, type TransactingExecutor } from '@certwright/postgres'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newCsr } from '../flows/setting.js'
import { nextSchema } from './postgres-stores.js'
import { missingPostgres, type PostgresServer, startPostgres } from './postgres-server.js'

/*
 * The adapter answers from what its process has just read and written, and several transactions go as one statement. That
 * must not show: what another process has changed meanwhile refuses the transaction, and each has its own refusal.
 */

const missing = missingPostgres()
const me = { principal: operator('tests') }
const serialization = { code: 'storage_conflict', context: { constraint: 'serialization' } }
const now = new Date('2026-03-01T12:00:00Z')
const serial = (octet: number) => octet.toString(16).padStart(2, '0').repeat(16) as SerialNumber

/** The claim of certificate number `octet` to key number `key`. */
const claimed = (octet: number, key = octet): IdempotencyRecord => ({
  scope: 'tests',
  keyHash: key.toString(16).padStart(64, '0'),
  requestHash: '0'.repeat(64),
  certificateId: uuid(octet),
  state: 'running',
  liveUntil: new Date('2026-03-01T12:01:00Z'),
})

/** Two processes over one schema, as far as the adapter knows, and what the first one sends. */
async function twoProcesses(pool: pg.Pool) {
  const schema = nextSchema()
  const sent: string[] = []
  const over = fromPool(pool)
  const watched: TransactingExecutor = {
    query(text, ...rest) {
      sent.push(text)
      return over.query(text, ...rest)
    },
    transaction(work) {
      sent.push('BEGIN')
      return over.transaction((given) =>
        work({
          query(text, ...rest) {
            sent.push(text)
            return given.query(text, ...rest)
          },
        }),
      )
    },
  }
  await migrate(over, { schema })
  const custody = memoryCustody()
  const here = postgresStorage(watched, { schema })
  const there = postgresStorage(over, { schema })
  const authority = createAuthority({ storage: here, custody })
  const root = await authority.createRoot({ name: 'Root' }, me)
  const ca = await authority.createIntermediate({ name: 'Issuing', parentCaId: root.id }, me)
  const request = { caId: ca.id, commonName: 'db.example.org' }
  const issued = await authority.issue(request, me)
  const example = (await here.findCertificate(issued.certificate.id)) as CertificateRecord
  return { here, there, authority, custody, caId: ca.id, request, example, sent, schema }
}

const uuid = (octet: number) => `00000000-0000-4000-8000-${octet.toString(16).padStart(12, '0')}`
const certificate = (example: CertificateRecord, octet: number): CertificateRecord => ({
  ...example,
  id: uuid(octet),
  serialNumber: serial(octet),
})
const reservation = (caId: string, octet: number, serialNumber = serial(octet)) =>
  ({
    id: uuid(octet),
    caId,
    serialNumber,
    kind: 'certificate',
    tbsHash: '',
    notAfter: now,
    reservedAt: now,
  }) as const

describe.skipIf(missing !== undefined)(
  `What a process over Postgres remembers${missing ? ` (${missing})` : ''}`,
  () => {
    let server: PostgresServer
    let pool: pg.Pool
    beforeAll(async () => {
      server = await startPostgres()
      pool = new pg.Pool({ connectionString: server.url, max: 16 })
    }, 120_000)
    afterAll(async () => {
      await pool.end()
      await server.stop()
    })

    it('makes an issuance four statements, two of them reads, without BEGIN', async () => {
      const { authority, request, sent } = await twoProcesses(pool)
      await authority.issue(request, me)
      sent.length = 0
      await authority.issue(request, me)
      expect(sent.map((text) => (/INSERT|UPDATE|BEGIN|FOR SHARE/.test(text) ? 'write' : 'read'))).toEqual([
        'read', // the CA and those above it
        'read', // what re-issued and cross certificates each of them has
        'write',
        'write',
      ])
      expect(sent).not.toContain('BEGIN')
    })

    it('asks three questions before a renewal writes, and two before a revocation does', async () => {
      const { authority, example, sent } = await twoProcesses(pool)
      const questions = (): number => sent.findIndex((text) => /INSERT|UPDATE|BEGIN|FOR SHARE/.test(text))
      sent.length = 0
      await authority.renew({ certificateId: example.id }, me)
      expect(questions()).toBe(3)
      sent.length = 0
      await authority.revoke({ certificateId: example.id }, me)
      expect(questions()).toBe(2)
      expect(sent).toHaveLength(7) // and COMMIT, which is the driver's
    })

    it('is not believed where another process has revoked the CA: the certificate is recorded and withheld', async () => {
      const { here, there, custody, caId, request } = await twoProcesses(pool)
      const elsewhere = createAuthority({ storage: there, custody })
      const authority = createAuthority({
        storage: here,
        custody: {
          ...custody,
          generateKey: (...given) => custody.generateKey(...given),
          async sign(...given) {
            const signature = await custody.sign(...given)
            await elsewhere.revokeCa({ caId }, me)
            return signature
          },
        },
      })
      await expect(authority.issue(request, me)).rejects.toMatchObject({ code: 'ca_revoked' })
      const { items } = await here.listCertificates({ now, status: 'revoked' }, { page: 1, pageSize: 10 })
      expect(items.map(({ revocationReason }) => revocationReason)).toContain('superseded')
    })

    it('refuses a transaction that rests on a CA that has changed, writes none of it, and is right the next time', async () => {
      const { here, there, custody, caId, example } = await twoProcesses(pool)
      const record = (tx: Parameters<Parameters<typeof here.transaction>[0]>[0]) =>
        tx.findCaLineage(caId).then(async ([ca]) => {
          await tx.insertCertificates([certificate(example, 1)])
          return ca?.revokedAt !== undefined
        })
      await here.findCaLineage(caId)
      await createAuthority({ storage: there, custody }).revokeCa({ caId }, me)
      await expect(here.transaction(record)).rejects.toMatchObject(serialization)
      expect(await there.findCertificate(uuid(1))).toBeUndefined()
      expect(await here.transaction(record)).toBe(true)
      expect(await there.findCertificate(uuid(1))).toBeDefined()
    })

    it('waits for who is just changing the CA, and is refused when that is committed', async () => {
      const { here, there, caId, example, schema } = await twoProcesses(pool)
      await here.findCaLineage(caId)
      const changing = await pool.connect()
      await changing.query('BEGIN')
      await changing.query(`UPDATE ${schema}.cas SET name = 'Other' WHERE id = $1`, [caId])
      const recording = here.transaction(async (tx) => {
        await tx.findCaLineage(caId)
        await tx.insertCertificates([certificate(example, 1)])
      })
      const refused = recording.catch((error: unknown) => error)
      const waits = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%${schema}%'`
      await expect.poll(async () => (await pool.query(waits)).rowCount, { timeout: 60_000 }).toBe(1)
      await changing.query('COMMIT')
      changing.release()
      expect(await refused).toMatchObject(serialization)
      expect(await there.findCertificate(uuid(1))).toBeUndefined()
    })

    it('is not what an error of the work may rest on, if it has changed', async () => {
      const { here, there, custody, caId } = await twoProcesses(pool)
      const fail = () =>
        here.transaction(async (tx) => {
          const [ca] = await tx.findCaLineage(caId)
          throw new RangeError(`revoked: ${ca?.revokedAt !== undefined}`)
        })
      await here.findCaLineage(caId)
      await expect(fail()).rejects.toThrow(new RangeError('revoked: false'))
      await createAuthority({ storage: there, custody }).revokeCa({ caId }, me)
      await expect(fail()).rejects.toMatchObject(serialization)
      await expect(fail()).rejects.toThrow(new RangeError('revoked: true'))
    })

    it('closes no reservation that another process has given up', async () => {
      const { here, there, caId } = await twoProcesses(pool)
      await here.transaction((tx) => tx.insertReservations([reservation(caId, 1)]))
      await there.transaction((tx) => tx.closeReservations([uuid(1)], 'abandoned'))
      const close = () => here.transaction((tx) => tx.closeReservations([uuid(1)], 'recorded'))
      await expect(close()).rejects.toMatchObject(serialization)
      expect(await close()).toBe(0)
      expect(await here.findSerial(caId, serial(1))).toMatchObject({ state: 'abandoned' })
    })

    it('knows what this process has given up, in its own transaction and in that of the host', async () => {
      const { here, caId } = await twoProcesses(pool)
      const close = (octet: number) =>
        here.transaction((tx) => tx.closeReservations([uuid(octet)], 'recorded'))
      await here.transaction((tx) => tx.insertReservations([1, 2].map((octet) => reservation(caId, octet))))
      await here.transaction((tx) => tx.closeReservations([uuid(1)], 'abandoned'))
      await here.joinTransaction?.(fromPool(pool), (tx) => tx.closeReservations([uuid(2)], 'abandoned'))
      expect([await close(1), await close(2)]).toEqual([0, 0])
    })

    it('answers a key in the statement that records, and withholds the certificate whose key another process took over', async () => {
      const { here, there, custody, sent, caId, schema } = await twoProcesses(pool)
      const request = { caId, mode: 'csr', csrPem: await newCsr({ dns: ['db.example.org'] }) } as const
      let takeOver: (() => Promise<void>) | undefined
      const authority = createAuthority({
        storage: here,
        custody: {
          ...custody,
          generateKey: (...given) => custody.generateKey(...given),
          async sign(...given) {
            await takeOver?.()
            return custody.sign(...given)
          },
        },
      })
      sent.length = 0
      const { certificate: first } = await authority.issue(request, { ...me, idempotencyKey: 'a' })
      expect(sent).not.toContain('BEGIN')
      expect(sent.at(-1)).toMatch(/INTO \S+idempotency_records .* INTO \S+certificates /s)
      const replayed = await authority.issue(request, { ...me, idempotencyKey: 'a' })
      expect(replayed).toMatchObject({ replayed: true, certificate: { id: first.id } })

      takeOver = async () => {
        takeOver = undefined
        const other = `UPDATE ${schema}.idempotency_records SET certificate_id = 'other' WHERE state = 'running'`
        expect((await pool.query(other)).rowCount).toBe(1)
      }
      const second = authority.issue(request, { ...me, idempotencyKey: 'b' })
      await expect(second).rejects.toMatchObject({ code: 'idempotency_in_progress' })
      const { items } = await there.listCertificates({ now, status: 'revoked' }, { page: 1, pageSize: 10 })
      expect(items).toHaveLength(1)
    })

    it('lets sixteen reservations of one turn travel together, and refuses the one whose serial number is taken', async () => {
      const { here, caId, sent } = await twoProcesses(pool)
      await here.transaction((tx) => tx.insertReservations([reservation(caId, 99, serial(7))]))
      sent.length = 0
      const octets = Array.from({ length: 16 }, (_, i) => i)
      const reserve = (octet: number) =>
        here.transaction((tx) => tx.insertReservations([reservation(caId, octet)]))
      const results = await Promise.allSettled(octets.map(reserve))
      expect(sent[0]).toContain('unnest')
      expect(results.map(({ status }) => status === 'rejected')).toEqual(octets.map((octet) => octet === 7))
      expect(results[7]).toMatchObject({
        reason: { code: 'storage_conflict', context: { constraint: 'serial_number' } },
      })
      const kept = await Promise.all(octets.map((octet) => here.findSerial(caId, serial(octet))))
      expect(kept.map((status) => status?.reservation.id)).toEqual(
        octets.map((octet) => uuid(octet === 7 ? 99 : octet)),
      )
    })

    it('claims sixteen keys that were found free in one statement, and refuses two the one that they both want', async () => {
      const { here, sent } = await twoProcesses(pool)
      const records = Array.from({ length: 16 }, (_, i) => claimed(i))
      await Promise.all(records.map((record) => here.findIdempotencyRecord(record, now)))
      sent.length = 0
      const claim = (record: IdempotencyRecord) =>
        here.transaction((tx) => tx.claimIdempotencyKey(record, now))
      expect(await Promise.all(records.map(claim))).toEqual(records.map(() => undefined))
      expect(sent).toHaveLength(1)

      const rivals = [claimed(20), claimed(21, 20)]
      for (const one of rivals) await here.findIdempotencyRecord(one, now)
      const outcomes = await Promise.allSettled(rivals.map(claim))
      // Whose statement comes first has it. The other is told who, or refused and told when it tries again.
      const isWinner = outcomes.map((one) => one.status === 'fulfilled' && one.value === undefined)
      expect(isWinner.filter(Boolean)).toHaveLength(1)
      const [winner, loser] = isWinner[0] ? [0, 1] : [1, 0]
      const held = { certificateId: rivals[winner]?.certificateId }
      const lost = outcomes[loser]
      if (lost?.status === 'rejected') expect(lost.reason).toMatchObject(serialization)
      else expect(lost?.value).toMatchObject(held)
      expect(await claim(rivals[loser] as IdempotencyRecord)).toMatchObject(held)
    })

    it('claims no key that another process has taken since it was found free, and tells who has it the next time', async () => {
      const { here, there } = await twoProcesses(pool)
      const [record, theirs] = [claimed(1), claimed(2, 1)]
      const claim = () => here.transaction((tx) => tx.claimIdempotencyKey(record, now))
      await here.findIdempotencyRecord(record, now)
      await there.transaction((tx) => tx.claimIdempotencyKey(theirs, now))
      await expect(claim()).rejects.toMatchObject(serialization)
      expect(await claim()).toEqual(theirs)
    })

    it('does not let a transaction that has seen the CA of today vouch for one that has seen that of yesterday', async () => {
      const { here, there, caId, example } = await twoProcesses(pool)
      let readAgain: (() => void) | undefined
      const again = new Promise<void>((resolve) => {
        readAgain = resolve
      })
      const record = (octet: number, ready: Promise<unknown>) =>
        here.transaction(async (tx) => {
          await tx.findCaLineage(caId)
          await ready
          await tx.insertCertificates([certificate(example, octet)])
        })
      await here.findCaLineage(caId)
      const early = record(1, again).catch((error: unknown) => error)
      await there.transaction((tx) =>
        tx.setOcspResponder(caId, {
          keyId: 'other',
          keyAlgorithm: 'ECDSA-P256',
          certificateDer: Uint8Array.of(1),
          notBefore: now,
          notAfter: now,
        }),
      )
      await here.findCaLineage(caId)
      const late = record(2, again)
      setImmediate(() => readAgain?.())
      await late
      expect(await early).toMatchObject(serialization)
      expect(await there.findCertificate(uuid(1))).toBeUndefined()
      expect(await there.findCertificate(uuid(2))).toBeDefined()
    })

    it('asks once what sixteen callers ask in one turn, and again in the next', async () => {
      const { here, caId, sent } = await twoProcesses(pool)
      sent.length = 0
      const found = await Promise.all(Array.from({ length: 16 }, () => here.findCa(caId)))
      expect(sent).toHaveLength(1)
      expect(new Set(found).size).toBe(16)
      await here.findCa(caId)
      expect(sent).toHaveLength(2)
    })

    it('looks up together the keys that callers ask for in one turn, and again in the next', async () => {
      const { here, sent } = await twoProcesses(pool)
      const records = Array.from({ length: 16 }, (_, i) => claimed(i))
      const taken = records.slice(8)
      const claim = (record: IdempotencyRecord) =>
        here.transaction((tx) => tx.claimIdempotencyKey(record, now))
      await Promise.all(taken.map(claim))
      sent.length = 0
      const find = () => Promise.all(records.map((record) => here.findIdempotencyRecord(record, now)))
      const expected = records.map((record) => (taken.includes(record) ? record : undefined))
      expect(await find()).toEqual(expected)
      expect(sent).toHaveLength(1)
      expect(await find()).toEqual(expected)
      expect(sent).toHaveLength(2)
    })
  },
)
