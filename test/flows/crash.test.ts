import { createAuthority, PkiError, type Reservation } from '@certwright/core'
import { observePorts, portFailure } from '@certwright/testing'
import { describe, expect, it } from 'vitest'
import { memoryStores } from '../storage/memory-stores.js'
import { sqliteStores } from '../storage/sqlite-stores.js'
import { expectNothingHalfDone, type Failure } from './crash-runs.js'
import { csrPem, scenarios, scenariosOfSubscribers } from './crash-scenarios.js'
import { asHost, newRoot, newSetting, ocspStatus } from './setting.js'
import { replaceMethods } from '../../packages/testing/src/chaos/replace-methods.js'

const failures: readonly Failure[] = ['one call', 'everything from there on']

describe.each(scenarios)('$name', (s) => {
  it.each(failures)(
    'leaves nothing half-done where %s fails',
    (failure) => expectNothingHalfDone(s, failure, memoryStores.open),
    60_000,
  )
})

// Postgres: crash-postgres.test.ts.
describe.each(scenariosOfSubscribers)('$name in SQLite', (s) => {
  it.each(failures)(
    'leaves nothing half-done where %s fails',
    (failure) => expectNothingHalfDone(s, failure, sqliteStores.open),
    120_000,
  )
})

describe('a signature of which custody cannot tell', () => {
  it('leaves its serial number known: unknown to OCSP until it is revoked, and on the CRL from then on', async () => {
    const { storage, custody, clock, authority } = newSetting()
    const root = await newRoot(authority)
    const reservations: Reservation[] = []
    const ports = observePorts({ storage, custody }, (call) => {
      if (call.name === 'tx.insertReservations' && call.when === 'after')
        reservations.push(...(call.args[0] as Reservation[]))
      if (call.name === 'custody.sign' && call.when === 'after') throw portFailure(call)
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
    expect((await storage.crlState(caId, 'complete')).revocationCount).toBe(1)
  })

  it.each(['custody_unavailable', 'custody_key_not_found'] as const)(
    'is none after %s: the reservation is given up, and the idempotency key is free at once',
    async (code) => {
      const { storage, custody, clock, authority } = newSetting()
      const root = await newRoot(authority)
      const context = code === 'custody_unavailable' ? { retryable: true } : { keyId: root.id }
      let reserved: Reservation | undefined
      const ports = observePorts({ storage, custody }, ({ name, when, args }) => {
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
    const mixedUp = replaceMethods(custody, {
      sign: async (request) => (await custody.sign(request)).map((octet, i) => (i === 5 ? octet ^ 1 : octet)),
    })
    const wrong = createAuthority({ storage, custody: mixedUp, clock })
    await expect(wrong.issue({ caId: root.id, mode: 'csr', csrPem }, asHost)).rejects.toMatchObject({
      code: 'custody_signature_invalid',
    })
    expect((await authority.listCertificates({}, asHost)).total).toBe(0)
  })
})
