import { createAuthority, type CustodyKey, type Reservation, type SignRequest } from '@certwright/core'
import {
  crashAt,
  failAt,
  observePorts,
  type OpenedStorage,
  type PortCall,
  recordCalls,
} from '@certwright/testing'
import { expect } from 'vitest'
import { parseTbsCertificate } from '../../packages/core/src/x509/certificate.js'
import type { Scenario, World } from './crash-scenarios.js'
import { cheapCustody, movableClock, sha256Hex } from './setting.js'

/*
 * Every port call of an operation fails in turn, before and after it has its effect. In one run only that call fails, as
 * when a connection is lost; in another everything behind it fails too, as when the power does. Whatever happens: what was
 * signed is known to the store, no serial number is on two certificates, a retry leads to one certificate, and the keys
 * of CAs are there exactly as long as the CAs are.
 */

export type Failure = 'one call' | 'everything from there on'

/** How a failure is made, on whichever ports. */
const failing = { 'one call': failAt, 'everything from there on': crashAt } as const

interface FailingCall {
  /** From 1. */
  readonly n: number
  readonly when: PortCall['when']
  readonly failure: Failure
}

/** Fail every port call of the scenario in turn, each time in a new store, and look at what is left. */
export async function expectNothingHalfDone(
  s: Scenario,
  failure: Failure,
  open: () => Promise<OpenedStorage>,
): Promise<void> {
  const count = await inNewStore(open, async (opened) => {
    const whole = await worldAfter(s, opened)
    expect(whole.outcome).not.toBeInstanceOf(Error)
    return whole.count
  })
  expect(count).toBeGreaterThan(4)
  for (const when of ['before', 'after'] as const) {
    for (let n = 1; n <= count; n++) {
      await inNewStore(open, (opened) => expectRecovery(s, { n, when, failure }, opened))
    }
  }
}

async function inNewStore<T>(
  open: () => Promise<OpenedStorage>,
  use: (opened: OpenedStorage) => Promise<T>,
): Promise<T> {
  const opened = await open()
  try {
    return await use(opened)
  } finally {
    await opened.close()
  }
}

async function expectRecovery(s: Scenario, call: FailingCall, opened: OpenedStorage): Promise<void> {
  const { world, operation } = await worldAfter(s, opened, call)
  await expectNothingUnrecorded(world)
  await expectKeysOfCas(world, call.failure)
  world.clock.forward(121)
  // Whoever asks again gets one answer, and the same again.
  for (let i = 0; i < 2; i++) {
    await operation.run(world.authority)
    await operation.expectAfterwards(world)
  }
}

/** Run the scenario with failing ports, or whole ones. */
async function worldAfter(s: Scenario, { storage }: OpenedStorage, call?: FailingCall) {
  const custody = cheapCustody()
  const clock = movableClock()
  const authority = createAuthority({ storage, custody, clock })
  const keys: World['keys'] = { made: [], destroyed: new Set(), isOneUnheardOf: false }
  const world: World = { storage, custody, clock, authority, signed: [], reservations: [], keys }
  const operation = await s.prepare(authority, clock)

  const watched = observePorts({ storage, custody }, (seen) => witness(seen, world))
  const { ports, calls } = recordCalls(watched)
  const failed = call === undefined ? ports : failing[call.failure](ports, call.n, call.when)
  const outcome = await operation.run(createAuthority({ ...failed, clock })).catch((error: unknown) => error)
  keys.isOneUnheardOf = call?.when === 'after' && calls[call.n - 1] === 'custody.generateKey'
  return { world, operation, outcome, count: calls.length }
}

/** What has had its effect, whether or not its caller hears of it. */
function witness({ name, when, args, result }: PortCall, { signed, reservations, keys }: World): void {
  if (when === 'before') return
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
