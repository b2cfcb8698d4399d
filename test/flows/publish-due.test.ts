import {
  createAuthority,
  type CreateAuthorityOptions,
  deltaCRLIndicator,
  findExtension,
  parseCrl,
  PkiError,
} from '@certwright/core'
import { observePorts } from '@certwright/testing'
import { describe, expect, it } from 'vitest'
import { asHost, cheapCustody, day, newCsr, newRoot, newSetting, passphrase } from './setting.js'
import { memoryStorage } from '@certwright/memory'

const csrPem = await newCsr({ commonName: 'db.example.org' })
const distribution = { baseUrl: 'http://pki.example' }

async function setting(options: Partial<Omit<CreateAuthorityOptions, 'clock'>> = {}) {
  const failures: unknown[] = []
  const onBackgroundFailure = ({ error }: { readonly error: unknown }) => failures.push(error)
  const made = newSetting({ ...options, onBackgroundFailure })
  const root = await newRoot(made.authority)
  const issue = async (caId = root.id) =>
    (await made.authority.issue({ caId, mode: 'csr', csrPem }, asHost)).certificate
  return { ...made, root, issue, failures }
}

/** Of two, by the last octet of the serial number. */
const partitionOf = ({ serialNumber }: { readonly serialNumber: string }): string =>
  `${Number.parseInt(serialNumber.slice(-2), 16) % 2}-of-2`

const otherThan = (partition: string): string => (partition === '0-of-2' ? '1-of-2' : '0-of-2')

describe('what a timer publishes', () => {
  it('is every list that is due, and nothing else', async () => {
    const { authority, root, issue, clock } = await setting()
    const due = async () => (await authority.publishDueCrls(asHost)).published.map(({ number }) => number)
    expect(await due()).toEqual([1])
    expect(await due()).toEqual([])
    await authority.revoke({ certificateId: (await issue()).id }, asHost)
    expect(await due()).toEqual([2])
    clock.forward(3.5 * day)
    expect(await due()).toEqual([3])
    clock.forward(root.notAfter.getTime() / 1000 - clock.now().getTime() / 1000 + 1)
    expect(await due()).toEqual([]) // nobody asks an expired CA
  })

  it('is the complete list, its delta, and each partition', async () => {
    const crl = { deltaValiditySeconds: 3600, partitions: 2 }
    const { authority, issue, clock } = await setting({ crl, distribution })
    const due = async () => (await authority.publishDueCrls(asHost)).published.map(({ scope }) => scope)
    expect(await due()).toEqual(['complete', 'delta', '0-of-2', '1-of-2'])
    const certificate = await issue()
    const { crl: news } = await authority.revoke({ certificateId: certificate.id }, asHost)
    expect(news).toMatchObject({ scope: partitionOf(certificate), isPublished: false })
    // The complete list leaves it to the delta, and the other partition has lost nothing.
    expect(await due()).toEqual(['delta', partitionOf(certificate)])
    clock.forward(1800)
    expect(await due()).toEqual(['delta'])
  })

  it('is a partition again when a hold of one of its certificates has ended', async () => {
    const { authority, issue } = await setting({ crl: { partitions: 2 }, distribution })
    const due = async () => (await authority.publishDueCrls(asHost)).published.map(({ scope }) => scope)
    const certificate = await issue()
    await authority.revoke({ certificateId: certificate.id, reason: 'certificateHold' }, asHost)
    await due()
    await authority.releaseHold({ certificateId: certificate.id }, asHost)
    const missing = (await authority.crlFreshness(asHost)).map((one) => [one.scope, one.missing])
    const own = partitionOf(certificate)
    expect(Object.fromEntries(missing)).toEqual({ complete: 1, [own]: 1, [otherThan(own)]: 0 })
    expect(await due()).toEqual(['complete', own])
  })

  it('comes by the schedule of its CA, with an overlap', async () => {
    const day = 86_400
    const { authority, root, clock } = await setting({
      crl: {
        validitySeconds: 7 * day,
        intervalSeconds: 3 * day,
        scheduleOf: ({ name }) =>
          name === 'Quick' ? { validitySeconds: day, intervalSeconds: 3600 } : undefined,
      },
    })
    const quick = await newRoot(authority, { name: 'Quick' })
    const due = async () => (await authority.publishDueCrls(asHost)).published
    const lives = new Map(
      (await due()).map(({ caId, nextUpdate }) => [
        caId,
        (nextUpdate.getTime() - clock.now().getTime()) / 1000,
      ]),
    )
    expect([lives.get(root.id), lives.get(quick.id)]).toEqual([7 * day, day])
    clock.forward(3600)
    expect((await due()).map(({ caId }) => caId)).toEqual([quick.id])
    clock.forward(3 * day - 3600)
    expect(new Set((await due()).map(({ caId }) => caId))).toEqual(new Set([root.id, quick.id]))
  })

  it.each([
    [{ intervalSeconds: 59 }],
    [{ validitySeconds: 3600, intervalSeconds: 3601 }],
    [{ debounceSeconds: -1 }],
    [{ validitySeconds: 3599 }],
  ])('has no schedule like %o', (crl) => {
    expect(() => newSetting({ crl })).toThrow(RangeError)
  })

  it('is made by one process of many', async () => {
    const { authority, storage, custody, clock } = await setting()
    const others = Array.from({ length: 4 }, () => createAuthority({ storage, custody, clock }))
    const reports = await Promise.all([authority, ...others].map((one) => one.publishDueCrls(asHost)))
    expect(reports.flatMap(({ published }) => published.map(({ number }) => number))).toEqual([1])
  })

  it('waits for the debounce, however many revocations there are', async () => {
    const { authority, issue, clock } = await setting({ crl: { debounceSeconds: 60 } })
    await authority.publishDueCrls(asHost)
    await authority.revoke({ certificateId: (await issue()).id }, asHost)
    expect((await authority.publishDueCrls(asHost)).published).toEqual([])
    clock.forward(60)
    expect((await authority.publishDueCrls(asHost)).published).toHaveLength(1)
  })

  it('of one CA does not depend on another one, whose key fails', async () => {
    let failing: string | undefined
    const ports = observePorts(
      { storage: memoryStorage(), custody: cheapCustody() },
      ({ name, when, args }) => {
        const [request] = args as [{ readonly keyId?: string } | undefined]
        if (name === 'custody.sign' && when === 'before' && request?.keyId === failing)
          throw new PkiError('custody_unavailable', 'Cannot sign: the module is away', { retryable: true })
      },
    )
    const { authority, storage, root, failures } = await setting(ports)
    const other = await newRoot(authority, { name: 'Other' })
    failing = (await storage.findCa(root.id))?.keyId
    const { published } = await authority.publishDueCrls(asHost)
    expect(published.map(({ caId }) => caId)).toEqual([other.id])
    expect(failures).toMatchObject([{ code: 'custody_unavailable' }])
    failing = undefined
    const again = await authority.publishDueCrls(asHost)
    expect(again.published).toMatchObject([{ caId: root.id, number: 2 }]) // number 1 was lost with the signature
  })

  it('is asked for by operators', async () => {
    const { authority } = await setting()
    const caller = { principal: { kind: 'apiKey' } as never }
    await expect(authority.publishDueCrls(caller)).rejects.toBeInstanceOf(TypeError)
  })
})

async function served() {
  const elsewhere: string[] = []
  const line = { isBroken: false }
  const publish = async ({ scope, number }: { readonly scope: string; readonly number: number }) => {
    if (line.isBroken) throw new Error('the storage there is away')
    elsewhere.push(`${scope} ${number}`)
  }
  const made = await setting({ crl: { publisher: { publish } } })
  return { ...made, elsewhere, line }
}

describe('a list that is served from elsewhere', () => {
  it('gets there once', async () => {
    const { authority, elsewhere } = await served()
    for (let i = 0; i < 3; i++) await authority.publishDueCrls(asHost)
    expect(elsewhere).toEqual(['complete 1'])
  })

  it('is brought there at the next look, where the storage was away; by then it may be a newer one', async () => {
    const { authority, elsewhere, line, failures, issue } = await served()
    line.isBroken = true
    const { published } = await authority.publishDueCrls(asHost)
    expect(published).toMatchObject([{ number: 1 }])
    await authority.publishDueCrls(asHost)
    expect(failures.map(String)).toEqual(Array(2).fill('Error: the storage there is away'))
    line.isBroken = false
    await authority.publishDueCrls(asHost)
    expect(elsewhere).toEqual(['complete 1'])
    line.isBroken = true
    await authority.revoke({ certificateId: (await issue()).id }, asHost)
    await authority.publishDueCrls(asHost)
    await authority.revoke({ certificateId: (await issue()).id }, asHost)
    line.isBroken = false
    await authority.publishDueCrls(asHost)
    await authority.publishDueCrls(asHost)
    expect(elsewhere).toEqual(['complete 1', 'complete 3'])
  })

  it('is brought there by one of the others, where its process died before it could', async () => {
    const { storage, custody, clock, root, elsewhere, authority } = await served()
    // It has recorded the list, and knows of no other place.
    const dead = createAuthority({ storage, custody, clock })
    expect(await dead.crl(root.id)).toMatchObject({ number: 1 })
    const publisher = { publish: async () => void elsewhere.push('by another') }
    const other = createAuthority({ storage, custody, clock, crl: { publisher } })
    await Promise.all([other, other, authority].map((one) => one.publishDueCrls(asHost)))
    expect(elsewhere).toHaveLength(1)
  })

  it('is brought there also while its CA is locked: that takes no key', async () => {
    const { authority, elsewhere, line } = await served()
    await authority.publishDueCrls(asHost)
    line.isBroken = true
    await newRoot(authority, { name: 'Locked', passphrase })
    line.isBroken = false
    await authority.publishDueCrls(asHost)
    expect(elsewhere).toEqual(['complete 1', 'complete 1'])
  })
})

describe('a CA that is locked when its list falls due', () => {
  it('raises one alarm for the list, which is served until its nextUpdate', async () => {
    const { authority, storage, clock, failures } = await setting()
    await authority.publishDueCrls(asHost)
    const locked = await newRoot(authority, { name: 'Locked', passphrase })
    expect((await authority.publishDueCrls(asHost)).locked).toEqual([])
    clock.forward(4 * day)
    const { number, nextUpdate } = await authority.crl(locked.id)
    const due = { caId: locked.id, scope: 'complete', nextUpdate }
    expect((await authority.publishDueCrls(asHost)).locked).toEqual([due])
    expect((await authority.publishDueCrls(asHost)).locked).toEqual([due])
    expect(failures).toMatchObject([{ code: 'passphrase_required' }])
    const events = await storage.listAuditEvents({ subjectId: locked.id }, 100)
    const alarms = events.filter(({ type }) => type === 'crl.overdue')
    expect(alarms.map(({ details }) => details)).toEqual([{ scope: 'complete', number, missing: 0 }])
    expect((await authority.crl(locked.id)).number).toBe(number)

    await authority.publishCrl({ caId: locked.id, caPassphrase: passphrase }, asHost)
    expect((await authority.publishDueCrls(asHost)).locked).toEqual([])
  })
})

it('one passphrase renews every list of a locked CA: the delta CRL starts from the new one', async () => {
  const crl = { deltaValiditySeconds: 3600, partitions: 2 }
  const { authority, clock } = await setting({ crl, distribution })
  const { id: caId } = await newRoot(authority, { name: 'Locked', passphrase })
  clock.forward(4 * day)
  const overdue = async () => (await authority.publishDueCrls(asHost)).locked.map(({ scope }) => scope)
  expect(await overdue()).toEqual(['complete', 'delta', '0-of-2', '1-of-2'])
  const { number } = await authority.publishCrl({ caId, caPassphrase: passphrase }, asHost)
  expect(await overdue()).toEqual([])
  const { der } = await authority.crl(caId, 'delta')
  expect(findExtension(parseCrl(der).extensions, deltaCRLIndicator)).toBe(BigInt(number))
})

describe('freshness', () => {
  it('is told with the revocation: who has the old list may go by it until its nextUpdate', async () => {
    const { authority, root, issue } = await setting()
    const first = await authority.revoke({ certificateId: (await issue()).id }, asHost)
    expect(first.crl).toEqual({ scope: 'complete', isPublished: false })
    const { number, thisUpdate, nextUpdate } = await authority.crl(root.id)
    const list = { number, thisUpdate, nextUpdate }
    const second = await authority.revoke({ certificateId: (await issue()).id }, asHost)
    expect(second.crl).toEqual({ scope: 'complete', list, isPublished: false })
  })

  it('is told of each list, for metrics', async () => {
    const { authority, root, issue, clock } = await setting()
    expect(await authority.crlFreshness(asHost)).toEqual([{ caId: root.id, scope: 'complete', missing: 0 }])
    await authority.publishDueCrls(asHost)
    clock.forward(90)
    await authority.revoke({ certificateId: (await issue()).id }, asHost)
    expect(await authority.crlFreshness(asHost)).toMatchObject([
      { missing: 1, ageSeconds: 90, list: { number: 1 } },
    ])
  })
})
