import assert from 'node:assert/strict'
import type { Rights } from '@certwright/core'
import * as fc from 'fast-check'
import { compare, compareList } from './compare.js'
import {
  type Asker,
  type AuthorityModel,
  isUsable,
  permissionFault,
  replaceAt,
  transitionFault,
} from './model.js'
import { type AuthorityWorld, callerOf, csr, me, type Outcome, outcomeOf } from './world.js'

/** One step of a history. Numbers wrap around what there is, so that a shrunk history still means something. */
type Run = (model: AuthorityModel, world: AuthorityWorld) => Promise<void>

class Step implements fc.AsyncCommand<AuthorityModel, AuthorityWorld> {
  readonly #name: string
  readonly #needs: Need
  readonly #run: Run

  constructor(name: string, needs: Need, run: Run) {
    this.#name = name
    this.#needs = needs
    this.#run = run
  }

  check(model: Readonly<AuthorityModel>): boolean {
    return this.#needs === 'nothing' || (this.#needs === 'ca' ? model.cas : model.certificates).length > 0
  }

  async run(model: AuthorityModel, world: AuthorityWorld): Promise<void> {
    await this.#run(model, world)
    await compare(model, world)
  }

  toString(): string {
    return this.#name
  }
}

type Need = 'nothing' | 'ca' | 'certificate'

const fifteenMinutes = 900
const mostCas = 3
const wrap = (number: number, count: number): number => number % Math.max(1, count)

/** The operator, or one of the keys there are. */
const askerOf = (model: AuthorityModel, chosen: number): Asker =>
  chosen === 0 || model.keys.length === 0 ? 'operator' : wrap(chosen - 1, model.keys.length)

/** Both sides say the same: granted, or refused with this code. */
function expectOutcome<T>(outcome: Outcome<T>, expected: string | undefined, action: string): T | undefined {
  const got = 'code' in outcome ? outcome.code : undefined
  assert.equal(got, expected, action)
  return 'value' in outcome ? outcome.value : undefined
}

const create = (below: number) =>
  new Step(`create a CA below ${below}`, 'nothing', async (model, world) => {
    const number = model.cas.length
    if (number === mostCas) return
    // Lists of CAs are in the order of their seconds.
    world.clock.forward(1)
    const { authority, workspaceId, caIds, caSerials } = world
    const parent = below === 0 || number === 0 ? undefined : wrap(below - 1, number)
    const wish = { name: `CA ${number}`, keyAlgorithm: 'Ed25519' } as const
    const outcome = await outcomeOf(() =>
      parent === undefined
        ? authority.createRoot({ ...wish, workspaceId }, me)
        : authority.createIntermediate({ ...wish, parentCaId: caIds[parent] ?? '' }, me),
    )
    const fault = parent === undefined || isUsable(model, parent) ? undefined : 'ca_revoked'
    const created = expectOutcome(outcome, fault, 'create a CA')
    if (created === undefined) return
    caIds.push(created.id)
    caSerials.push(created.serialNumber)
    model.cas.push({ isRevoked: false, ...(parent !== undefined && { parent }) })
  })

const revokeCa = (chosenCa: number) =>
  new Step(`revoke CA ${chosenCa}`, 'ca', async (model, world) => {
    const ca = wrap(chosenCa, model.cas.length)
    const request = { caId: world.caIds[ca] ?? '', reason: 'cessationOfOperation' } as const
    const outcome = await outcomeOf(() => world.authority.revokeCa(request, me))
    const fault = model.cas[ca]?.isRevoked === true ? 'already_revoked' : undefined
    if (expectOutcome(outcome, fault, 'revoke a CA') !== undefined)
      replaceAt(model.cas, ca, { isRevoked: true })
  })

const issue = (chosenCa: number, chosenAsker: number) =>
  new Step(`issue from CA ${chosenCa} for ${chosenAsker}`, 'ca', async (model, world) => {
    const [ca, asker] = [wrap(chosenCa, model.cas.length), askerOf(model, chosenAsker)]
    const request = {
      caId: world.caIds[ca] ?? '',
      commonName: 'db.example.org',
      keyAlgorithm: 'Ed25519',
    } as const
    const outcome = await outcomeOf(async () => world.authority.issue(request, await callerOf(world, asker)))
    const fault =
      permissionFault(model, asker, ca, 'canIssue', 'ca_not_found') ??
      (isUsable(model, ca) ? undefined : 'ca_revoked')
    const issued = expectOutcome(outcome, fault, 'issue')
    if (issued === undefined) return
    world.certificates.push(issued.certificate)
    model.certificates.push({ ca, mode: 'managed', state: 'good' })
  })

const renew = (chosen: number, chosenAsker: number) =>
  new Step(`renew certificate ${chosen} for ${chosenAsker}`, 'certificate', async (model, world) => {
    const [number, asker] = [wrap(chosen, model.certificates.length), askerOf(model, chosenAsker)]
    const old = model.certificates[number] ?? assert.fail('the model has no such certificate')
    const certificateId = world.certificates[number]?.id ?? ''
    const outcome = await outcomeOf(async () =>
      world.authority.renew({ certificateId }, await callerOf(world, asker)),
    )
    const fault =
      permissionFault(model, asker, old.ca, 'canIssue', 'certificate_not_found') ??
      (old.state === 'good' ? undefined : 'already_revoked') ??
      (isUsable(model, old.ca) ? undefined : 'ca_revoked') ??
      (old.mode === 'csr' ? 'csr_required' : undefined)
    const renewed = expectOutcome(outcome, fault, 'renew')
    if (renewed === undefined) return
    assert.equal(renewed.certificate.renewedFrom, certificateId)
    world.certificates.push(renewed.certificate)
    model.certificates.push({ ca: old.ca, mode: 'managed', state: 'good' })
  })

const change = (kind: 'revoke' | 'hold' | 'release', chosen: number, chosenAsker: number) =>
  new Step(`${kind} certificate ${chosen} for ${chosenAsker}`, 'certificate', async (model, world) => {
    const [number, asker] = [wrap(chosen, model.certificates.length), askerOf(model, chosenAsker)]
    const { ca, state } = model.certificates[number] ?? assert.fail('the model has no such certificate')
    const certificateId = world.certificates[number]?.id ?? ''
    const { authority } = world
    const outcome = await outcomeOf(async () => {
      const caller = await callerOf(world, asker)
      if (kind === 'release') return authority.releaseHold({ certificateId }, caller)
      const reason = kind === 'hold' ? 'certificateHold' : 'superseded'
      return authority.revoke({ certificateId, reason }, caller)
    })
    const fault =
      permissionFault(model, asker, ca, 'canRevoke', 'certificate_not_found') ?? transitionFault(state, kind)
    if (expectOutcome(outcome, fault, kind) === undefined) return
    const after = { revoke: 'revoked', hold: 'held', release: 'good' } as const
    replaceAt(model.certificates, number, { state: after[kind] })
  })

const publish = (chosenCa: number) =>
  new Step(`publish the list of CA ${chosenCa}`, 'ca', (model, world) =>
    compareList(model, world, wrap(chosenCa, model.cas.length)),
  )

const forward = (seconds: number) =>
  new Step(`${seconds} seconds later`, 'nothing', async (_model, { clock }) => {
    clock.forward(seconds)
  })

const grant = (rights: readonly Rights[]) =>
  new Step('make a key', 'ca', async (model, world) => {
    const chosen = rights.slice(0, model.cas.length).map((right, ca): [number, Rights] => [ca, right])
    const grants = Object.fromEntries(chosen.map(([ca, right]) => [world.caIds[ca] ?? '', right]))
    const isUseless = chosen.some(
      ([, { canRead, canIssue, canRevoke }]) => !(canRead || canIssue || canRevoke),
    )
    const { authority, workspaceId, userId, keys } = world
    const outcome = await outcomeOf(() =>
      authority.createApiKey({ workspaceId, userId, name: 'Key', grants }, me),
    )
    // On a CA that is revoked nobody is given a right.
    const isOver = chosen.some(([ca]) => model.cas[ca]?.isRevoked === true)
    const fault = isUseless ? 'invalid_request' : isOver ? 'ca_not_found' : undefined
    const created = expectOutcome(outcome, fault, 'make a key')
    if (created === undefined) return
    keys.push({ id: created.apiKey.id, secret: created.secret })
    model.keys.push({ rights: new Map(chosen), isRevoked: false })
  })

const deny = (chosen: number) =>
  new Step(`revoke key ${chosen}`, 'nothing', async (model, { authority, keys }) => {
    const number = wrap(chosen, model.keys.length)
    const key = model.keys[number]
    if (key === undefined || key.isRevoked) return
    await authority.revokeApiKey({ apiKeyId: keys[number]?.id ?? '' }, me)
    replaceAt(model.keys, number, { isRevoked: true })
  })

/** A process dies at any port call of an issuance; another one is asked again with the same idempotency key. */
const crash = (chosenCa: number, portCall: number) =>
  new Step(`die at port call ${portCall} of an issuance from CA ${chosenCa}`, 'ca', async (model, world) => {
    const ca = wrap(chosenCa, model.cas.length)
    if (!isUsable(model, ca)) return
    const request = { caId: world.caIds[ca] ?? '', mode: 'csr', csrPem: await csr() } as const
    const options = { ...me, idempotencyKey: `crash ${model.certificates.length}` }
    await world
      .dying(portCall)
      .issue(request, options)
      .catch(() => undefined)
    // The claim of a process that has died is free when its lease is over.
    world.clock.forward(fifteenMinutes)
    const { certificate } = await world.authority.issue(request, options)
    world.certificates.push(certificate)
    model.certificates.push({ ca, mode: 'csr', state: 'good' })
  })

const number = fc.nat(7)
const asker = fc.nat(3)
const rights = fc.record({ canRead: fc.boolean(), canIssue: fc.boolean(), canRevoke: fc.boolean() })

/**
 * Histories of an authority: CAs, certificates, revocations, holds, lists, keys that come and go, time that passes and
 * processes that die; after each step both sides are compared.
 */
export const authorityHistories = (
  maxCommands: number,
): fc.Arbitrary<Iterable<fc.AsyncCommand<AuthorityModel, AuthorityWorld>>> =>
  fc.commands(
    [
      fc.nat(mostCas).map(create),
      number.map(revokeCa),
      fc.tuple(number, asker).map(([ca, who]) => issue(ca, who)),
      fc.tuple(number, asker).map(([certificate, who]) => renew(certificate, who)),
      fc
        .tuple(fc.constantFrom('revoke' as const, 'hold' as const, 'release' as const), number, asker)
        .map(([kind, certificate, who]) => change(kind, certificate, who)),
      number.map(publish),
      fc.nat(86_400).map(forward),
      fc.array(rights, { minLength: mostCas, maxLength: mostCas }).map(grant),
      number.map(deny),
      fc.tuple(number, fc.integer({ min: 1, max: 25 })).map(([ca, call]) => crash(ca, call)),
    ],
    { maxCommands, size: 'max' },
  )
