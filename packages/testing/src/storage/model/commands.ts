import type { Storage, StorageConstraint } from '@certwright/core'
import * as fc from 'fast-check'
import { assertConflict, assertEqual, rejectionOf } from '../assertions.js'
import { collect, idempotencyRecord } from '../records.js'
import { type Cell, claimOf, entriesOnList, lastEntry, type Model } from './model.js'
import { caIdOfModel, idOf, keyHashOf, serialOf, serialsOfModel, type Step, stepKinds } from './steps.js'

/** A transaction of several steps that commits, or whose work rejects in the end; then both sides are compared. */
class Transaction implements fc.AsyncCommand<Cell, Storage> {
  readonly #steps: readonly Step[]
  readonly #commits: boolean

  constructor(steps: readonly Step[], commits: boolean) {
    this.#steps = steps
    this.#commits = commits
  }

  check(): boolean {
    return true
  }

  async run(cell: Cell, storage: Storage): Promise<void> {
    cell.model = await this.#transact(cell.model, storage)
    await compare(cell.model, storage)
  }

  toString(): string {
    return `${this.#commits ? 'commit' : 'roll back'} [${this.#steps.map(({ name }) => name).join('; ')}]`
  }

  async #transact(model: Model, storage: Storage): Promise<Model> {
    const { accepted, refused, end } = planOf(this.#steps, model)
    const failure = new Error('the caller has changed its mind')
    const run = storage.transaction(async (tx) => {
      for (const { step, answer, before } of accepted)
        assertEqual(await step.run(tx, before), answer, step.name)
      await refused?.step.run(tx, refused.before)
      if (!this.#commits) throw failure
    })
    if (this.#commits && refused === undefined) {
      await run
      return end
    }
    const error = await rejectionOf(run)
    const isOwnFailure = !this.#commits && error === failure
    // A refusal may show as late as the end of the transaction, which then is the caller's.
    if (!isOwnFailure) await assertConflict(run, ...(refused?.refusedBy ?? []))
    return model
  }
}

interface Plan {
  readonly accepted: readonly { readonly step: Step; readonly answer: unknown; readonly before: Model }[]
  /** The first step that cannot be; nothing comes behind it. */
  readonly refused?: {
    readonly step: Step
    readonly refusedBy: readonly StorageConstraint[]
    readonly before: Model
  }
  readonly end: Model
}

/** What the model says of the steps, one behind the other. */
function planOf(steps: readonly Step[], model: Model): Plan {
  const accepted: Plan['accepted'][number][] = []
  let end = model
  for (const step of steps) {
    const expectation = step.expect(end)
    if ('refusedBy' in expectation) {
      return { accepted, refused: { step, refusedBy: expectation.refusedBy, before: end }, end: model }
    }
    accepted.push({ step, answer: expectation.answer, before: end })
    end = expectation.next
  }
  return { accepted, end }
}

/** Everything that the port tells of what the model knows. */
async function compare(model: Model, storage: Storage): Promise<void> {
  for (const n of serialsOfModel) {
    const row = model.reservations.find(({ reservation }) => reservation.serialNumber === serialOf(n))
    const revocation = lastEntry(model, serialOf(n))
    const expected = row && { ...row, ...(revocation && { revocation }) }
    assertEqual(await storage.findSerial(caIdOfModel, serialOf(n)), expected)
    const certificate = await storage.findCertificate(idOf(n))
    assertEqual(certificate?.id, model.certificates.has(idOf(n)) ? idOf(n) : undefined)
    // Idempotency keys are numbered as serial numbers are.
    const key = idempotencyRecord({ keyHash: keyHashOf(n) })
    assertEqual(await storage.findIdempotencyRecord(key, model.now), claimOf(model, key.keyHash))
  }
  const open = model.reservations
    .filter(({ state }) => state === 'open')
    .map(({ reservation }) => reservation.id)
  const listed = await storage.listOpenReservations(model.now, 100)
  assertEqual(
    listed.map(({ id }) => id),
    open.sort(),
  )
  assertEqual(await collect(storage.listStatusLog(caIdOfModel)), model.log)
  assertEqual(await collect(storage.listRevocations(caIdOfModel)), entriesOnList(model))
  assertEqual((await storage.crlState(caIdOfModel, 'complete')).revocationCount, model.log.length)
  assertEqual(await crlEntryPairs(storage), pairsOf(entriesOnList(model).map(({ entryDer }) => entryDer)))
  assertEqual(
    (await storage.listOutboxEvents(100)).map(({ id }) => id),
    model.outbox,
  )
}

/** Entries of the model have two octets; their order in a CRL is the adapter's. */
const pairsOf = (slabs: readonly Uint8Array[]): string[] =>
  slabs.flatMap((slab) => Buffer.from(slab).toString('hex').match(/.{4}/g) ?? []).sort()

const crlEntryPairs = async (storage: Storage): Promise<string[]> =>
  pairsOf(await collect(storage.listCrlEntries(caIdOfModel)))

const choices = fc.record({
  serial: fc.constantFrom(...serialsOfModel),
  other: fc.constantFrom(...serialsOfModel),
  isHold: fc.boolean(),
  seconds: fc.nat(4),
})
const steps = fc.tuple(fc.constantFrom(...stepKinds), choices).map(([kind, choice]) => kind(choice))
const transactions = fc
  .tuple(fc.array(steps, { minLength: 1, maxLength: 4 }), fc.nat(3))
  .map(([several, chance]) => new Transaction(several, chance > 0))

/** Histories of a store. */
export const histories = (): fc.Arbitrary<Iterable<fc.AsyncCommand<Cell, Storage>>> =>
  fc.commands([transactions], { maxCommands: 20 })
