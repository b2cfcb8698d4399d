import {
  type Authority,
  type CaRecord,
  type CertificateRecord,
  type CrlRecord,
  createAuthority,
  operator,
  type SealedKeyStore,
  type SerialNumber,
  type SerialStatus,
  type Storage,
} from '@certwright/core'
import { keyEncryptionKey, sealedCustody } from '@certwright/custody'
import { memoryKeyStore, memoryStorage } from '@certwright/memory'
import { beforeAll, describe, expect, it } from 'vitest'
import { checkStore } from './check-store.js'
import type { Check } from './finding.js'
import type { Patient } from './patient.js'

const me = { principal: operator('tests') }
const kek = keyEncryptionKey(new Uint8Array(32).fill(1))
const otherKek = keyEncryptionKey(new Uint8Array(32).fill(2))

interface World {
  readonly storage: Storage
  readonly keys: SealedKeyStore
  readonly authority: Authority
  readonly root: CaRecord
  readonly issuing: CaRecord
  readonly certificate: CertificateRecord
}

async function healthyStore(): Promise<World> {
  const [storage, keys] = [memoryStorage(), memoryKeyStore()]
  const custody = sealedCustody({ keys, keyEncryptionKey: kek, scrypt: { N: 2, r: 1, p: 1 } })
  const authority = createAuthority({ storage, custody })
  const root = await authority.createRoot({ name: 'Root', keyAlgorithm: 'Ed25519' }, me)
  const issuing = await authority.createIntermediate(
    { name: 'Issuing', parentCaId: root.id, keyAlgorithm: 'Ed25519' },
    me,
  )
  await authority.createRoot({ name: 'Locked', keyAlgorithm: 'Ed25519', passphrase: 'correct horse' }, me)
  const [first] = await authority.issueMany(
    // More than two pages of one second, or of two.
    Array.from({ length: 205 }, (_, i) => ({ caId: issuing.id, commonName: `host${i}.example` })),
    me,
  )
  const revoked = await authority.issue({ caId: issuing.id, commonName: 'revoked.example' }, me)
  const held = await authority.issue({ caId: issuing.id, commonName: 'held.example' }, me)
  await authority.revoke({ certificateId: revoked.certificate.id, reason: 'keyCompromise' }, me)
  await authority.revoke({ certificateId: held.certificate.id, reason: 'certificateHold' }, me)
  await authority.revoke({ certificateId: held.certificate.id, reason: 'superseded' }, me)
  await authority.crl(issuing.id)
  await authority.crl(root.id)
  const [rootRecord, issuingRecord, certificate] = await Promise.all([
    storage.findCa(root.id),
    storage.findCa(issuing.id),
    storage.findCertificate(first?.certificate.id ?? ''),
  ])
  if (!rootRecord || !issuingRecord || !certificate) throw new Error('the store is empty')
  return { storage, keys, authority, root: rootRecord, issuing: issuingRecord, certificate }
}

const allRights = { canRead: true, canIssue: true, canRevoke: true }

const namesOfLists: Readonly<Record<string, RegExp>> = {
  complete: /^CRL \d+ of CA /,
  delta: /^delta CRL \d+ of CA /,
  '0-of-2': /^CRL 0-of-2, number \d+ of CA /,
  '1-of-2': /^CRL 1-of-2, number \d+ of CA /,
}

/** A complete list without entries, and lists behind it that have some: revoked, held, and released. */
async function storeOfManyLists() {
  const [storage, keys] = [memoryStorage(), memoryKeyStore()]
  const custody = sealedCustody({ keys, keyEncryptionKey: kek })
  const crl = { partitions: 2, deltaValiditySeconds: 3600, debounceSeconds: 0 }
  const distribution = { baseUrl: 'http://ca.example.org' }
  const authority = createAuthority({ storage, custody, crl, distribution })
  const { id: caId } = await authority.createRoot({ name: 'Root', keyAlgorithm: 'Ed25519' }, me)
  await authority.publishCrl({ caId }, me)
  const issued = await authority.issueMany(
    Array.from({ length: 12 }, (_, i) => ({ caId, commonName: `host${i}.example` })),
    me,
  )
  for (const [i, { certificate }] of issued.entries()) {
    const certificateId = certificate.id
    await authority.revoke({ certificateId, reason: i < 6 ? 'superseded' : 'certificateHold' }, me)
    if (i > 8) await authority.releaseHold({ certificateId }, me)
  }
  for (const scope of ['delta', '0-of-2', '1-of-2']) await authority.crl(caId, scope)
  return { storage, keys, caId }
}

async function findingsOf(patient: Partial<Omit<Patient, 'cas'>> & Pick<World, 'storage' | 'keys'>) {
  const findings = []
  const whole = { keyEncryptionKey: kek, progress: () => undefined, ...patient }
  for await (const { check, level, subject } of checkStore(whole)) findings.push({ check, level, subject })
  return findings
}

const checksOf = async (patient: Parameters<typeof findingsOf>[0]): Promise<Check[]> =>
  (await findingsOf(patient)).map(({ check }) => check)

/** A store that answers as the real one, but for what the fault makes of it. */
const faulty = (storage: Storage, fault: Partial<Storage>): Storage =>
  new Proxy(storage, {
    get(target, name) {
      const instead: unknown = Reflect.get(fault, name)
      if (instead !== undefined) return instead
      const method: unknown = Reflect.get(target, name)
      return typeof method === 'function' ? method.bind(target) : method
    },
  })

const flipped = (bytes: Uint8Array, at = bytes.length - 5): Uint8Array =>
  bytes.map((octet, i) => (i === at ? octet ^ 1 : octet))

let world: World
beforeAll(async () => {
  world = await healthyStore()
})

const withCas = (change: (ca: CaRecord) => CaRecord): Storage =>
  faulty(world.storage, {
    listCas: async (filter) => (await world.storage.listCas(filter)).map(change),
  })

const withIssuing = (change: Partial<CaRecord>): Storage =>
  withCas((ca) => (ca.id === world.issuing.id ? { ...ca, ...change } : ca))

const withCertificate = (change: Partial<CertificateRecord>): Storage =>
  faulty(world.storage, {
    async listCertificates(filter, page) {
      const { items, total } = await world.storage.listCertificates(filter, page)
      const changed = items.map((item) => (item.id === world.certificate.id ? { ...item, ...change } : item))
      return { items: changed, total }
    },
  })

const withStatus = (change: (status: SerialStatus) => SerialStatus | undefined): Storage =>
  faulty(world.storage, {
    async findSerial(caId, serialNumber) {
      const status = await world.storage.findSerial(caId, serialNumber)
      return status?.reservation.id === world.certificate.id ? change(status) : status
    },
  })

describe('checkStore', () => {
  it('has nothing to say of a healthy store, which it has seen whole', async () => {
    let seen = 0
    const progress: Patient['progress'] = (phase, done) => {
      if (phase === 'certificates') seen = done
    }
    expect(await findingsOf({ ...world, progress })).toEqual([])
    expect(seen).toBe(207)
  })

  const rows: [string, () => Storage, Check[]][] = [
    [
      'a CA whose certificate was altered',
      () => withIssuing({ certificateDer: flipped(world.issuing.certificateDer) }),
      ['ca-issuer'],
    ],
    [
      'a CA whose certificate is none',
      () => withIssuing({ certificateDer: Uint8Array.of(0x30, 0) }),
      ['ca-certificate'],
    ],
    [
      'a CA with another expiry than its certificate',
      () => withIssuing({ notAfter: new Date(0) }),
      ['ca-certificate'],
    ],
    [
      'a CA without its parent',
      () => withCas((ca) => (ca.id === world.root.id ? { ...ca, id: world.certificate.id } : ca)),
      ['ca-issuer'],
    ],
    ['a CA with the key of another', () => withIssuing({ keyId: world.root.keyId }), ['ca-key']],
    [
      'a CA that calls itself revoked',
      () => withIssuing({ revokedAt: new Date(0), revocationReason: 'superseded' }),
      ['revocation'],
    ],
    [
      'a certificate that was altered',
      () => withCertificate({ certificateDer: flipped(world.certificate.certificateDer) }),
      ['certificate-issuer'],
    ],
    [
      'a certificate with another key than its record',
      () => withCertificate({ spkiHash: '00' }),
      ['certificate'],
    ],
    [
      'a certificate of another CA',
      () => withCertificate({ caId: world.root.id }),
      ['certificate-issuer', 'reservation'],
    ],
    [
      'a certificate that calls itself revoked',
      () => withCertificate({ revokedAt: new Date(0), revocationReason: 'superseded' }),
      ['revocation'],
    ],
    ['a certificate that was never reserved', () => withStatus(() => undefined), ['reservation']],
    [
      'a certificate whose reservation is open',
      () => withStatus((status) => ({ ...status, state: 'open' })),
      ['reservation'],
    ],
    [
      'two certificates of one reservation',
      () =>
        withStatus((status) => ({ ...status, reservation: { ...status.reservation, id: world.issuing.id } })),
      ['reservation'],
    ],
    [
      'a reservation of other bytes',
      () => withStatus((status) => ({ ...status, reservation: { ...status.reservation, tbsHash: '00' } })),
      ['reservation'],
    ],
    [
      'a log entry that the record does not know of',
      () =>
        withStatus((status) => ({
          ...status,
          revocation: {
            caId: world.issuing.id,
            serialNumber: world.certificate.serialNumber,
            revokedAt: new Date(0),
            reason: 'superseded',
            notAfter: new Date(0),
            entryDer: new Uint8Array(),
          },
        })),
      ['revocation'],
    ],
  ]
  it.each(rows)('finds %s', async (_, storage, checks) => {
    const found = await checksOf({ storage: storage(), keys: world.keys })
    expect([...new Set(found.filter((check) => check !== 'crl'))]).toEqual(expect.arrayContaining(checks))
  })

  it('finds a CRL that was altered, has another number, or lists other serial numbers than the log', async () => {
    const latest = await world.storage.findLatestCrl(world.issuing.id, 'complete')
    if (latest === undefined) throw new Error('there is no CRL')
    const withCrl = (change: Partial<typeof latest>): Storage =>
      faulty(world.storage, {
        findLatestCrl: async (caId) =>
          caId === world.issuing.id
            ? { ...latest, ...change }
            : world.storage.findLatestCrl(caId, 'complete'),
      })
    const check = (storage: Storage) => checksOf({ storage, keys: world.keys })
    expect(await check(withCrl({ der: flipped(latest.der) }))).toEqual(['crl'])
    expect(await check(withCrl({ number: 7 }))).toEqual(['crl'])
    expect(await check(withCrl({ nextUpdate: new Date(0) }))).toEqual(['crl'])
    const forgetful = faulty(world.storage, {
      async *listRevocations(caId) {
        let isFirst = true
        for await (const revocation of world.storage.listRevocations(caId)) {
          if (!isFirst) yield revocation
          isFirst = false
        }
      },
    })
    expect(await check(forgetful)).toEqual(['status-log'])
  })

  it('looks at delta CRLs and partitions as it does at complete lists', async () => {
    const { storage, keys, caId } = await storeOfManyLists()
    expect(await findingsOf({ storage, keys })).toEqual([])
    const lists = await storage.listLatestCrls(caId)
    const scopes = ['0-of-2', '1-of-2', 'complete', 'delta']
    expect(new Set(lists.map(({ scope }) => scope))).toEqual(new Set(scopes))
    const entryless = await storage.findLatestCrl(caId, 'complete')
    for (const { scope } of lists) {
      const subjects = async (change: Partial<CrlRecord>): Promise<string[]> => {
        const damaged = faulty(storage, {
          async findLatestCrl(id, of) {
            const list = await storage.findLatestCrl(id, of)
            return list && of === scope ? { ...list, ...change } : list
          },
        })
        return (await findingsOf({ storage: damaged, keys })).map(({ subject }) => subject)
      }
      const own = expect.stringMatching(namesOfLists[scope] ?? /^$/) as string
      const { der } = (await storage.findLatestCrl(caId, scope)) ?? expect.unreachable()
      expect(await subjects({ der: flipped(der) })).toEqual([own])
      expect(await subjects({ thisUpdate: new Date(0) })).toEqual([own])
      if (scope === 'complete') continue
      // The complete list was made before anything was revoked.
      expect(await subjects({ der: entryless?.der ?? der })).toContainEqual(own)
    }
    // Of what has changed behind the base, the delta CRL leaves one out.
    const fuller = faulty(storage, {
      async *listStatusLog(id, serialNumber) {
        for await (const entry of storage.listStatusLog(id, serialNumber)) {
          yield entry
          yield { ...entry, serialNumber: '7f' as SerialNumber }
        }
      },
    })
    expect(await findingsOf({ storage: fuller, keys })).toEqual([
      { check: 'crl', level: 'error', subject: expect.stringMatching(/^delta CRL /) as string },
    ])
    const forgetful = faulty(storage, {
      async findSerial(id, serialNumber) {
        const status = await storage.findSerial(id, serialNumber)
        if (status?.revocation === undefined) return status
        const { revocation: _revocation, ...unrevoked } = status
        return unrevoked
      },
    })
    expect(await checksOf({ storage: forgetful, keys })).toContain('status-log')
  })

  it('finds access to what is not there, and to what is another workspace’s', async () => {
    const [storage, keys] = [memoryStorage(), memoryKeyStore()]
    const authority = createAuthority({ storage, custody: sealedCustody({ keys, keyEncryptionKey: kek }) })
    const [own, other] = [
      await authority.createWorkspace({ name: 'Own' }, me),
      await authority.createWorkspace({ name: 'Other' }, me),
    ]
    const { id: userId } = await authority.createUser({ email: 'user@example.org' }, me)
    const workspaceId = own.id
    const { id: caId } = await authority.createRoot(
      { name: 'Root', keyAlgorithm: 'Ed25519', workspaceId },
      me,
    )
    await authority.addMember({ workspaceId, userId, rights: { [caId]: allRights } }, me)
    const { apiKey } = await authority.createApiKey({ workspaceId, userId, name: 'Key', caIds: [caId] }, me)
    const check = (fault: Partial<Storage>) => findingsOf({ storage: faulty(storage, fault), keys })
    const [key, member] = [`API key ${apiKey.id}`, `member ${userId} of workspace ${workspaceId}`]
    const [ofKey, ofMember] = [key, member].map((subject) => ({ check: 'access', level: 'error', subject }))

    expect(await check({})).toEqual([])
    expect(await check({ findUser: async () => undefined })).toEqual([ofKey, ofMember])
    expect(await check({ findWorkspace: async () => undefined })).toEqual([ofKey, ofMember])
    const moved = (await storage.listCas({})).map((ca) => ({ ...ca, workspaceId: other.id }))
    expect(await check({ listCas: async () => moved })).toEqual([ofKey, ofMember])
    const grant = {
      id: 'grant',
      clientId: 'gone',
      workspaceId,
      userId,
      rights: new Map([['no such CA', allRights]]),
      createdAt: new Date(0),
    }
    const withGrant = (change: object) =>
      check({ listOAuthGrants: async () => ({ items: [{ ...grant, ...change }], total: 1 }) })
    const ofGrant = { check: 'access', level: 'error', subject: 'grant grant' }
    expect(await withGrant({})).toEqual([ofGrant, ofGrant])
    expect(await withGrant({ revokedAt: new Date(0) })).toEqual([])
  })

  it('finds keys that are gone, that do not open, and that nobody needs', async () => {
    const { storage, keys } = world
    const gone: SealedKeyStore = { ...keys, findKey: async () => undefined }
    expect(new Set(await checksOf({ storage, keys: gone }))).toEqual(new Set(['ca-key']))
    const locked = await checksOf({ storage, keys, keyEncryptionKey: otherKek })
    // The root, the issuing CA and the responder of the locked one; of the locked one itself nothing can be told.
    expect(locked).toEqual(['key-encryption-key', 'key-encryption-key', 'key-encryption-key'])
    const none = await findingsOf({ storage: memoryStorage(), keys })
    expect(none.map(({ check, level }) => `${check} ${level}`)).toEqual(
      Array.from({ length: 4 }, () => 'orphan-key notice'),
    )
  })

  it('lists what a crash has left open, as no error', async () => {
    const { storage, keys } = world
    const reserved = await storage.findSerial(world.issuing.id, world.certificate.serialNumber)
    const crashed = faulty(storage, {
      listOpenReservations: async () => (reserved ? [reserved.reservation] : []),
    })
    expect(await findingsOf({ storage: crashed, keys })).toEqual([
      { check: 'open-reservation', level: 'notice', subject: `certificate ${world.certificate.id}` },
    ])
  })
})
