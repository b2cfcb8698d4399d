import { observePorts, recordCalls } from '@certwright/testing'
import { describe, expect, it } from 'vitest'
import {
  createAuthority,
  createCertificateRequest,
  createName,
  type IssueRequest,
  pemDecode,
  pemEncode,
  PkiError,
  platformCrypto,
  type Reservation,
} from '@certwright/core'
import { asHost, newRoot, newSetting } from './setting.js'
import { replaceMethods } from '../../packages/testing/src/chaos/replace-methods.js'

const names = ['a.example.org', 'b.example.org', 'c.example.org']

const requestsOf = (caId: string, commonNames = names): IssueRequest[] =>
  commonNames.map((commonName) => ({ caId, commonName, keyAlgorithm: 'Ed25519' }))

describe('many certificates at once', () => {
  it('take one reservation and one record, and come in the order of the requests', async () => {
    const { storage, custody, clock, authority } = newSetting()
    const root = await newRoot(authority)
    const { calls, ports } = recordCalls({ storage, custody })
    const watched = createAuthority({ ...ports, clock })
    const issued = await watched.issueMany(requestsOf(root.id), asHost)
    expect(issued.map(({ certificate }) => certificate.commonName)).toEqual(names)
    expect(issued.every(({ privateKeyPem }) => privateKeyPem !== undefined)).toBe(true)
    expect(new Set(issued.map(({ certificate }) => certificate.serialNumber)).size).toBe(3)
    expect(calls).toEqual([
      'findCaLineage',
      'findIdempotencyRecord', // re-issued and cross certificates of the CA: none
      'begin',
      'tx.insertReservations',
      'commit',
      'custody.sign',
      'custody.sign',
      'custody.sign',
      'begin',
      'tx.insertCertificates',
      'tx.closeReservations',
      'tx.appendEvents',
      'tx.findCaLineage',
      'commit',
    ])
    for (const { certificate } of issued) {
      expect(await storage.findSerial(root.id, certificate.serialNumber)).toMatchObject({ state: 'recorded' })
    }
  })

  it.each<[string, IssueRequest[], string]>([
    [
      'one name that the profile refuses',
      [...requestsOf('CA'), { caId: 'CA', commonName: 'd.example.org', sanDns: ['not ok'] }],
      'name_refused',
    ],
    [
      'two CAs',
      [...requestsOf('CA'), ...requestsOf('01900000-0000-7000-8000-000000000000')],
      'invalid_request',
    ],
    ['more than 1000', requestsOf('CA', Array<string>(1001).fill('a.example.org')), 'request_too_large'],
  ])('are all refused for %s, and nothing is written', async (_, requests, code) => {
    const { storage, custody, clock, authority } = newSetting()
    const root = await newRoot(authority)
    const { calls, ports } = recordCalls({ storage, custody })
    const watched = createAuthority({ ...ports, clock })
    const asked = requests.map((request) => ({
      ...request,
      caId: request.caId === 'CA' ? root.id : request.caId,
    }))
    await expect(watched.issueMany(asked, asHost)).rejects.toMatchObject({ code })
    expect(calls).not.toContain('begin')
  })

  it('from CSRs come in the order of the requests, however many, and are refused for the first that is', async () => {
    const { authority } = newSetting()
    const { id: caId } = await newRoot(authority)
    const { pkcs8Der } = await platformCrypto.generateKeyPair('ECDSA-P256')
    const key = await platformCrypto.importSigningKey(pkcs8Der)
    const requests: IssueRequest[] = []
    for (let i = 0; i < 170; i++) {
      const der = await createCertificateRequest(
        { subject: createName({ commonName: `n${i}.example.org` }), subjectAltNames: [] },
        key,
      )
      requests.push({ caId, mode: 'csr', csrPem: pemEncode('CERTIFICATE REQUEST', der) })
    }
    const issued = await authority.issueMany(requests, asHost)
    expect(issued.map(({ certificate }) => certificate.commonName)).toEqual(
      requests.map((_, i) => `n${i}.example.org`),
    )
    // The signature is looked at last, and what is no CSR is seen first: the order is that of the requests all the same.
    const unsigned = pemDecode((requests[140] as { csrPem: string }).csrPem, 'CERTIFICATE REQUEST')
    unsigned[unsigned.length - 1] = (unsigned[unsigned.length - 1] as number) ^ 1
    requests[140] = { caId, mode: 'csr', csrPem: pemEncode('CERTIFICATE REQUEST', unsigned) }
    requests[145] = { caId, mode: 'csr', csrPem: 'no CSR' }
    await expect(authority.issueMany(requests, asHost)).rejects.toMatchObject({
      code: 'invalid_csr',
      context: { reason: 'signature' },
    })
  })

  it('are none for none', async () => {
    expect(await newSetting().authority.issueMany([], asHost)).toEqual([])
  })

  it('leave nothing usable behind where custody fails on the second: signed ones are revoked, the rest given up', async () => {
    const { storage, custody, clock, authority } = newSetting()
    const root = await newRoot(authority)
    let signatures = 0
    let reserved: readonly Reservation[] = []
    const ports = observePorts({ storage, custody }, ({ name, when, args }) => {
      if (name === 'tx.insertReservations') reserved = args[0] as readonly Reservation[]
      if (name === 'custody.sign' && when === 'before' && ++signatures === 2) {
        throw new PkiError('custody_unavailable', 'Cannot sign: down', { retryable: true })
      }
    })
    const watched = createAuthority({ ...ports, clock })
    const many = Array.from({ length: 20 }, (_, i) => `n${i}.example.org`)
    await expect(watched.issueMany(requestsOf(root.id, many), asHost)).rejects.toMatchObject({
      code: 'custody_unavailable',
    })
    const states = await Promise.all(
      reserved.map(({ caId, serialNumber }) => storage.findSerial(caId, serialNumber)),
    )
    const isSigned = (i: number): boolean => i !== 1 && i < signatures
    expect(states.map((status) => [status?.state, status?.revocation?.reason])).toEqual(
      many.map((_, i) => (isSigned(i) ? ['recorded', 'superseded'] : ['abandoned', undefined])),
    )
    expect(signatures).toBeLessThan(many.length)
  })

  it.each([
    ['are signed 16 at once: a remote key store takes its time for each', undefined, 16],
    [
      'under a passphrase one after the other: custody opens the key for each',
      'correct horse battery staple',
      1,
    ],
  ])('%s', async (_, passphrase, expected) => {
    const { storage, custody, clock, authority } = newSetting()
    const root = await authority.createRoot(
      { name: 'Root', ...(passphrase !== undefined && { passphrase }) },
      asHost,
    )
    let [underWay, most] = [0, 0]
    const ports = observePorts({ storage, custody }, ({ name, when }) => {
      if (name !== 'custody.sign') return
      underWay += when === 'before' ? 1 : -1
      most = Math.max(most, underWay)
    })
    const many =
      passphrase === undefined ? Array.from({ length: 20 }, (_unused, i) => `n${i}.example.org`) : names
    const requests = requestsOf(root.id, many).map((request) => ({
      ...request,
      ...(passphrase !== undefined && { caPassphrase: passphrase }),
    }))
    await createAuthority({ ...ports, clock }).issueMany(requests, asHost)
    expect(most).toBe(expected)
  })
})

describe('a transaction of the host', () => {
  it('records the certificate, while the reservation stays outside: rolled back, its serial number stays known', async () => {
    const { storage, custody, clock } = newSetting()
    const hostTransaction = { of: 'the host' }
    let reserved: readonly Reservation[] = []
    const { storage: joining } = observePorts({ storage, custody }, ({ name, args }) => {
      if (name === 'tx.insertReservations') reserved = args[0] as readonly Reservation[]
    })
    const rolledBack = new Error('the host rolls back')
    const authority = createAuthority({
      storage: replaceMethods(joining, {
        joinTransaction: async (tx, work) => {
          expect(tx).toBe(hostTransaction)
          return storage.transaction(async (own) => {
            await work(own)
            throw rolledBack
          })
        },
      }),
      custody,
      clock,
    })
    const root = await newRoot(authority)
    const [request] = requestsOf(root.id) as [IssueRequest]
    await expect(authority.issue(request, { ...asHost, tx: hostTransaction })).rejects.toBe(rolledBack)
    const [{ id, serialNumber }] = reserved as [Reservation]
    expect(await storage.findSerial(root.id, serialNumber)).toMatchObject({ state: 'open' })
    expect(await storage.findCertificate(id)).toBeUndefined()
  })

  it('is refused by a storage that cannot join one, before a key is used', async () => {
    const { authority, storage, clock } = newSetting()
    const root = await newRoot(authority)
    const [request] = requestsOf(root.id) as [IssueRequest]
    await expect(authority.issue(request, { ...asHost, tx: {} })).rejects.toThrow(TypeError)
    expect(await storage.listOpenReservations(clock.now(), 10)).toEqual([])
  })
})
