import { createAuthority, hasCode, platformCrypto, type Random } from '@certwright/core'
import {
  crashAt,
  duplicateDelivery,
  failAt,
  lostAcknowledgement,
  observePorts,
  outcomeUnknown,
  type PortCall,
  recordCalls,
  repeatedRandom,
  skewedClock,
  withLatency,
} from '@certwright/testing'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../flows/seeded.js'
import { asHost, newCsr, newRoot, newSetting, startTime } from '../flows/setting.js'

const user = (id: string) => ({ id, email: `${id}@example.org`, createdAt: startTime })
const unavailable = { code: 'storage_unavailable', context: { retryable: true } }
const seconds = (time: Date): number => (time.getTime() - startTime.getTime()) / 1000
const request = { commonName: 'db.example.org', keyAlgorithm: 'Ed25519' } as const

describe('observePorts', () => {
  it('reports every call of every port before and after, with its number, arguments and result', async () => {
    const calls: PortCall[] = []
    const { storage, custody, clock } = newSetting()
    const random: Random = { bytes: (length) => new Uint8Array(length) }
    const ports = observePorts({ storage, custody, clock, random }, (call) => void calls.push(call))
    await ports.storage.transaction((tx) => tx.insertUser(user('u1')))
    ports.clock.now()
    ports.random.bytes(2)
    await ports.custody.destroyKey('none')
    for await (const _ of ports.storage.listCrlEntries('ca1')) break

    expect(calls.map(({ number, when, name }) => `${number} ${when} ${name}`)).toEqual([
      '1 before begin',
      '1 after begin',
      '2 before tx.insertUser',
      '2 after tx.insertUser',
      '3 before commit',
      '3 after commit',
      '4 before clock.now',
      '4 after clock.now',
      '5 before random.bytes',
      '5 after random.bytes',
      '6 before custody.destroyKey',
      '6 after custody.destroyKey',
      '7 before listCrlEntries',
    ])
    expect(calls[2]?.args).toEqual([user('u1')])
    expect(calls[7]?.result).toEqual(startTime)
  })

  it('passes streams on as streams', async () => {
    const { storage } = observePorts(newSetting(), () => undefined)
    await storage.transaction(async (tx) => {
      for (const reads of [storage, tx]) {
        for await (const _ of reads.listReservations('ca1')) expect.unreachable()
        for await (const _ of reads.listRevocations('ca1')) expect.unreachable()
        for await (const _ of reads.listStatusLog('ca1')) expect.unreachable()
        for await (const _ of reads.listCrlEntries('ca1')) expect.unreachable()
      }
    })
  })

  it('waits for an observer, and lets it take the place of a result', async () => {
    const { storage } = newSetting()
    const ports = observePorts({ storage }, async ({ name, when }) => {
      await Promise.resolve()
      if (name === 'findUser' && when === 'after') throw new Error('seen')
    })
    await expect(ports.storage.findUser('u1')).rejects.toThrow('seen')
  })

  it('sees what is done in the transaction of a host, whose ends are not ours', async () => {
    const inner = newSetting().storage
    const joining = {
      findUser: inner.findUser.bind(inner),
      joinTransaction: (_: unknown, work: Parameters<typeof inner.transaction>[0]) => inner.transaction(work),
    } as unknown as typeof inner
    const { ports, calls } = recordCalls({ storage: joining })
    await ports.storage.joinTransaction?.({}, (tx) => tx.insertUser(user('u1')))
    expect(calls).toEqual(['tx.insertUser'])
    const without = recordCalls({ storage: inner }).ports.storage
    expect(Reflect.get(without, 'joinTransaction')).toBeUndefined()
  })
})

describe('a crash', () => {
  it('before a commit takes back everything, and nothing works afterwards', async () => {
    const { storage } = newSetting()
    const { storage: dying } = crashAt({ storage }, 3, 'before')
    await expect(dying.transaction((tx) => tx.insertUser(user('u1')))).rejects.toMatchObject(unavailable)
    await expect(dying.findUser('u1')).rejects.toMatchObject(unavailable)
    await expect(dying.transaction(async () => undefined)).rejects.toMatchObject(unavailable)
    expect(await storage.findUser('u1')).toBeUndefined()
  })

  it('after a commit takes back nothing', async () => {
    const { storage } = newSetting()
    const { storage: dying } = crashAt({ storage }, 3, 'after')
    await expect(dying.transaction((tx) => tx.insertUser(user('u1')))).rejects.toMatchObject(unavailable)
    expect(await storage.findUser('u1')).toEqual(user('u1'))
  })

  it('of one call alone is over with it', async () => {
    const { storage } = newSetting()
    const { storage: failing } = failAt({ storage }, 1, 'before')
    await expect(failing.findUser('u1')).rejects.toMatchObject(unavailable)
    expect(await failing.findUser('u1')).toBeUndefined()
  })

  it('takes all ports with it', async () => {
    const { storage, custody, clock } = newSetting()
    const ports = crashAt({ storage, custody, clock }, 1, 'before')
    await expect(ports.custody.destroyKey('k')).rejects.toMatchObject({ code: 'custody_unavailable' })
    expect(() => ports.clock.now()).toThrow('the process is dead')
    await expect(ports.storage.findUser('u1')).rejects.toMatchObject(unavailable)
  })
})

describe('a lost acknowledgement', () => {
  it('of the recording leaves a certificate, which the retry with the same key replays', async () => {
    const { storage, custody, clock, authority } = newSetting()
    const { id: caId } = await newRoot(authority)
    const csr = { caId, mode: 'csr', csrPem: await newCsr({ commonName: 'db.example.org' }) } as const
    const options = { ...asHost, idempotencyKey: 'k' }
    const lossy = createAuthority({ ...lostAcknowledgement({ storage, custody }, 2), clock })
    await expect(lossy.issue(csr, options)).rejects.toMatchObject(unavailable)
    const [recorded] = (await authority.listCertificates({ caId }, asHost)).certificates
    const { certificate, replayed } = await authority.issue(csr, options)
    expect({ id: certificate.id, replayed }).toEqual({ id: recorded?.id, replayed: true })
  })
})

describe('work that is delivered twice', () => {
  it('runs twice and counts once, through a whole issuance', async () => {
    const { storage, custody, clock } = newSetting()
    const authority = createAuthority({ ...duplicateDelivery({ storage, custody }), clock })
    const { id: caId } = await newRoot(authority)
    const { certificate } = await authority.issue({ caId, ...request }, asHost)
    expect((await authority.listCertificates({ caId }, asHost)).total).toBe(1)
    const told = await storage.listAuditEvents({ subjectId: certificate.id }, 10)
    expect(told).toHaveLength(1)
  })

  it('fails once where it fails', async () => {
    const { storage } = newSetting()
    let runs = 0
    const { storage: twice } = duplicateDelivery({ storage })
    const run = twice.transaction(() => {
      runs++
      return Promise.reject(new Error('no'))
    })
    await expect(run).rejects.toThrow('no')
    expect(runs).toBe(1)
  })
})

describe('an unknown outcome', () => {
  it('has made the signature, and leaves the reservation open', async () => {
    const { storage, custody, clock, authority } = newSetting()
    const { id: caId } = await newRoot(authority)
    const { ports, calls } = recordCalls({ storage, custody })
    const unsure = createAuthority({ ...outcomeUnknown(ports, 1), clock })
    await expect(unsure.issue({ caId, ...request }, asHost)).rejects.toMatchObject({
      code: 'custody_outcome_unknown',
    })
    expect(calls).toContain('custody.sign')
    expect(await storage.listOpenReservations(clock.now(), 10)).toHaveLength(1)
    await expect(unsure.issue({ caId, ...request }, asHost)).resolves.toBeDefined()
  })
})

describe('a skewed clock', () => {
  it('is ahead or behind by seconds, or jumps', () => {
    const { clock } = newSetting()
    expect(seconds(skewedClock({ clock }, 90).clock.now())).toBe(90)
    const jumping = skewedClock({ clock }, (reading) => (reading === 2 ? -3600 : 0)).clock
    expect([seconds(jumping.now()), seconds(jumping.now()), seconds(jumping.now())]).toEqual([0, -3600, 0])
  })
})

describe('a repeated generator', () => {
  it('gives bytes again, by their length', () => {
    const { random } = repeatedRandom({ random: seededRandom('r') }, 2)
    const [first, other] = [random.bytes(16), random.bytes(20)]
    expect(random.bytes(16)).toEqual(first)
    expect(random.bytes(16)).not.toEqual(first)
    expect(random.bytes(20)).toEqual(other)
  })

  it('never leads to two certificates with one serial number', async () => {
    for (let n = 2; n <= 8; n++) {
      const { storage, custody, clock } = newSetting()
      const { random } = repeatedRandom({ random: seededRandom('r') }, n)
      const authority = createAuthority({ storage, custody, clock, random, crypto: platformCrypto })
      const root = await newRoot(authority).catch(() => undefined)
      if (root === undefined) continue
      const attempts = [1, 2, 3].map(async () => authority.issue({ caId: root.id, ...request }, asHost))
      const outcomes = await Promise.allSettled(attempts)
      const serials = outcomes.flatMap((outcome) =>
        outcome.status === 'fulfilled' ? [outcome.value.certificate.serialNumber] : [],
      )
      expect(new Set(serials).size).toBe(serials.length)
      for (const outcome of outcomes)
        if (outcome.status === 'rejected') expect(hasCode(outcome.reason, 'storage_conflict')).toBe(true)
    }
  })
})

describe('chaos', () => {
  it('can be put around chaos: slow, twice, and dead in the middle', async () => {
    const { storage, custody } = newSetting()
    const delays: string[] = []
    const slow = withLatency({ storage, custody }, ({ name }) => {
      delays.push(name)
      return 1
    })
    const { storage: all } = crashAt(duplicateDelivery(slow), 3, 'before')
    await expect(all.transaction((tx) => tx.insertUser(user('u1')))).rejects.toMatchObject(unavailable)
    expect(await storage.findUser('u1')).toBeUndefined()
    expect(delays).toEqual(['begin', 'tx.insertUser'])
  })
})
