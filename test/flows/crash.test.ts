import {
  createAuthority,
  type CustodyKey,
  type KeyCustody,
  PkiError,
  type Reservation,
  type SignRequest,
} from '@certwright/core'
import { memoryStorage } from '@certwright/memory'
import { describe, expect, it } from 'vitest'
import { parseTbsCertificate } from '../../packages/core/src/x509/certificate.js'
import { intercepted, type PortCall } from './intercepted-ports.js'
import { type Scenario, type World, csrPem, scenarios } from './crash-scenarios.js'
import { asHost, cheapCustody, movableClock, newRoot, newSetting, ocspStatus, sha256Hex } from './setting.js'

/*
 * Every port call of an operation fails in turn, before and after it has its effect. In one run only that call fails, as
 * when a connection is lost; in another everything behind it fails too, as when the power does. Whatever happens: what was
 * signed is known to the store, no serial number is on two certificates, a retry leads to one certificate, and the keys
 * of CAs are there exactly as long as the CAs are.
 */

type Failure = 'one call' | 'everything from there on'
const failures: readonly Failure[] = ['one call', 'everything from there on']

/** What fails says what the port's contract has it say; after a signature that is "outcome unknown". */
function failureOf({ name, when }: PortCall): PkiError {
  const retryable = { retryable: true }
  if (!name.startsWith('custody.'))
    return new PkiError('storage_unavailable', 'The connection is lost', retryable)
  if (when === 'before') return new PkiError('custody_unavailable', 'The module is away', retryable)
  return new PkiError('custody_outcome_unknown', 'The module has not answered', { keyId: '' })
}

/** Run the scenario with failing ports: the call with this number fails, or none where it is absent. */
async function worldAfter(s: Scenario, failing?: { readonly index: number; readonly failure: Failure }) {
  const storage = memoryStorage()
  const custody = cheapCustody()
  const clock = movableClock()
  const authority = createAuthority({ storage, custody, clock })
  const keys: World['keys'] = { made: [], destroyed: new Set(), isOneUnheardOf: false }
  const world: World = { storage, custody, clock, authority, signed: [], reservations: [], keys }
  const operation = await s.prepare(authority, clock)

  let count = 0
  const intercept = (call: PortCall): void => {
    const index = count++
    if (call.when === 'after') witness(call, world)
    if (failing === undefined || index < failing.index) return
    if (index > failing.index && failing.failure === 'one call') return
    if (call.name === 'custody.generateKey' && call.when === 'after') keys.isOneUnheardOf = true
    throw failureOf(call)
  }
  const ports = intercepted({ storage, custody }, intercept)
  const outcome = await operation.run(createAuthority({ ...ports, clock })).catch((error: unknown) => error)
  return { world, operation, outcome, count }
}

function witness({ name, args, result }: PortCall, { signed, reservations, keys }: World): void {
  if (name === 'custody.sign') signed.push((args[0] as SignRequest).message)
  if (name === 'tx.insertReservations') reservations.push(...(args[0] as Reservation[]))
  if (name === 'custody.generateKey') keys.made.push((result as CustodyKey).keyId)
  if (name === 'custody.destroyKey') keys.destroyed.add(args[0] as string)
}

/** The certificates among what was signed; a list of revocations is no TBSCertificate. */
const signedCertificates = ({ signed }: World) =>
  signed.flatMap((tbsDer) => {
    try {
      return [{ tbsDer, ...parseTbsCertificate(tbsDer) }]
    } catch {
      return []
    }
  })

async function expectNothingUnrecorded(world: World): Promise<void> {
  const certificates = signedCertificates(world)
  expect(new Set(certificates.map(({ serialNumber }) => serialNumber)).size).toBe(certificates.length)
  for (const { serialNumber, tbsDer } of certificates) {
    const reserved = world.reservations.find((reservation) => reservation.serialNumber === serialNumber)
    const known = reserved && (await world.storage.findSerial(reserved.caId, serialNumber))
    expect(known?.reservation.tbsHash).toBe(sha256Hex(tbsDer))
    // What certifies a key of our own is given up with that key; a subscriber's never is.
    if (known?.reservation.kind === 'certificate') expect(known.state).not.toBe('abandoned')
  }
}

async function expectKeysOfCas(world: World, failure: Failure): Promise<void> {
  const cas = await world.storage.listCas({ includeRevoked: true })
  const inUse = new Set(cas.flatMap(({ keyId, ocspResponder }) => [keyId, ocspResponder?.keyId]))
  for (const keyId of inUse) expect(world.keys.destroyed.has(keyId ?? '')).toBe(false)
  // Without power nothing can be tidied up, and a key whose name was never heard cannot be named.
  if (failure === 'everything from there on' || world.keys.isOneUnheardOf) return
  const orphans = world.keys.made.filter((keyId) => !inUse.has(keyId) && !world.keys.destroyed.has(keyId))
  expect(orphans).toEqual([])
}

describe.each(scenarios)('$name', (s) => {
  it.each(failures)(
    'leaves nothing half-done where %s fails',
    async (failure) => {
      const whole = await worldAfter(s)
      expect(whole.outcome).not.toBeInstanceOf(Error)
      expect(whole.count).toBeGreaterThan(8)
      for (let index = 0; index < whole.count; index++) {
        const { world, operation } = await worldAfter(s, { index, failure })
        await expectNothingUnrecorded(world)
        await expectKeysOfCas(world, failure)
        world.clock.forward(121)
        await operation.run(world.authority)
        await operation.expectAfterwards(world)
        await operation.run(world.authority)
        await operation.expectAfterwards(world)
      }
    },
    60_000,
  )
})

describe('a signature of which custody cannot tell', () => {
  it('leaves its serial number known: unknown to OCSP until it is revoked, and on the CRL from then on', async () => {
    const { storage, custody, clock, authority } = newSetting()
    const root = await newRoot(authority)
    const reservations: Reservation[] = []
    const ports = intercepted({ storage, custody }, (call) => {
      if (call.name === 'tx.insertReservations' && call.when === 'after')
        reservations.push(...(call.args[0] as Reservation[]))
      if (call.name === 'custody.sign' && call.when === 'after') throw failureOf(call)
    })
    const issuance = createAuthority({ ...ports, clock }).issue(
      { caId: root.id, mode: 'csr', csrPem },
      asHost,
    )
    await expect(issuance).rejects.toMatchObject({ code: 'custody_outcome_unknown' })
    const [open] = reservations
    if (open === undefined) throw new Error('nothing was reserved')
    const { id, caId, serialNumber, notAfter } = open
    expect(await storage.findSerial(caId, serialNumber)).toMatchObject({ state: 'open' })
    expect(await ocspStatus(authority, root, serialNumber)).toEqual({ kind: 'unknown' })

    const revocation = {
      caId,
      serialNumber,
      notAfter,
      revokedAt: clock.now(),
      reason: 'unspecified',
      entryDer: Uint8Array.of(0x30, 0x00),
    } as const
    await storage.transaction((tx) => tx.insertRevocation(revocation, { id, replacesHold: false }))
    expect(await ocspStatus(authority, root, serialNumber)).toMatchObject({ kind: 'revoked' })
    expect((await storage.crlState(caId)).revocationCount).toBe(1)
  })

  it.each(['custody_unavailable', 'custody_key_not_found'] as const)(
    'is none after %s: the reservation is given up, and the idempotency key is free at once',
    async (code) => {
      const { storage, custody, clock, authority } = newSetting()
      const root = await newRoot(authority)
      const context = code === 'custody_unavailable' ? { retryable: true } : { keyId: root.id }
      let reserved: Reservation | undefined
      const ports = intercepted({ storage, custody }, ({ name, when, args }) => {
        if (name === 'tx.insertReservations') [reserved] = args[0] as Reservation[]
        if (name === 'custody.sign' && when === 'before') throw new PkiError(code, 'Cannot sign', context)
      })
      const options = { ...asHost, idempotencyKey: 'k' }
      const request = { caId: root.id, mode: 'csr', csrPem } as const
      const failed = createAuthority({ ...ports, clock }).issue(request, options)
      await expect(failed).rejects.toMatchObject({ code })
      if (reserved === undefined) throw new Error('nothing was reserved')
      expect(await storage.findSerial(root.id, reserved.serialNumber)).toMatchObject({ state: 'abandoned' })
      expect((await authority.issue(request, options)).replayed).toBe(false)
    },
  )

  it('of another key is not handed out (custody_signature_invalid), and its serial number stays known', async () => {
    const { storage, custody, clock, authority } = newSetting()
    const root = await newRoot(authority)
    const mixedUp: KeyCustody = new Proxy(custody, {
      get: (target, name) =>
        name === 'sign'
          ? async (request: SignRequest) =>
              (await custody.sign(request)).map((octet, i) => (i === 5 ? octet ^ 1 : octet))
          : (Reflect.get(target, name) as (...args: unknown[]) => unknown).bind(target),
    })
    const wrong = createAuthority({ storage, custody: mixedUp, clock })
    await expect(wrong.issue({ caId: root.id, mode: 'csr', csrPem }, asHost)).rejects.toMatchObject({
      code: 'custody_signature_invalid',
    })
    expect((await authority.listCertificates({}, asHost)).total).toBe(0)
  })
})
