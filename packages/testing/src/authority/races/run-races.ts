import { type Authority, createAuthority, isPkiError, type KeyCustody, type Storage } from '@certwright/core'
import * as fc from 'fast-check'
import { observePorts } from '../../chaos/observe-ports.js'
import { forgeTime } from '../../forge/fields/time-spec.js'
import { manualClock } from '../../seeded/manual-clock.js'
import { seededCrypto } from '../../seeded/seeded-crypto.js'
import { seededCustody } from '../../seeded/seeded-custody.js'
import { seededRandom } from '../../seeded/seeded-random.js'
import type { StorageFactory } from '../../storage/storage-factory.js'
import { csr, me } from '../histories/world.js'
import { checkRace, type RaceOutcome } from './check-race.js'
import { certificatesOfWorld, perform, type RaceCall, raceCalls, type RaceWorld } from './race-calls.js'

export interface RaceOptions {
  /** How many races. Default: 100. */
  readonly numRuns?: number
  /** Most calls of one. Default: 6. */
  readonly maxCalls?: number
  /** That fast-check has printed, to see a failure again. */
  readonly seed?: number
  readonly path?: string
}

/**
 * Let callers of two processes over one store ask at the same time, each race on an empty one, and put their port calls
 * into any order (`fc.scheduler`). Whoever came first: no serial number and no CRL number is given twice, an idempotency
 * key has one certificate, a certificate is revoked once, what is handed out is kept, and nothing is handed out by a CA that
 * is revoked. Rejects with the shortest race in which that is not so, and with the order of its calls.
 */
export async function checkAuthorityRaces(
  factory: StorageFactory,
  { maxCalls = 6, ...parameters }: RaceOptions = {},
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), raceCalls(maxCalls), async (scheduler, calls) => {
      const { storage, close } = await factory.open()
      try {
        const parts = { storage, custody: seededCustody('race') }
        const referee = authorityOver(parts, 'referee')
        const world = await prepare(referee)
        const gate = gateOf(scheduler)
        const processes = ['one', 'two'].map((name) => authorityOver(scheduled(parts, name, gate), name))
        const asking = calls.map((asked, i) =>
          outcomeOf(asked, processes[i % processes.length] as Authority, world),
        )
        let outcomes: readonly RaceOutcome[]
        try {
          outcomes = await scheduler.waitFor(Promise.all(asking))
        } finally {
          await gate.open()
        }
        await checkRace(outcomes, world, { authority: referee, storage })
      } finally {
        await close()
      }
    }),
    parameters,
  )
}

interface Parts {
  readonly storage: Storage
  readonly custody: KeyCustody
}

/** One process. Each has its own random numbers, or their serial numbers would be the same. */
const authorityOver = (parts: Parts, name: string): Authority =>
  createAuthority({
    ...parts,
    clock: manualClock(forgeTime),
    random: seededRandom(name),
    crypto: seededCrypto(name),
  })

interface Gate {
  pass(label: string): Promise<void> | undefined
  open(): Promise<void>
}

/**
 * Who passes waits until the scheduler says so, while the race is on. When it is over everybody goes on: what no caller waits
 * for, such as the note that an API key was used, may be in the middle of a transaction, and others would wait behind it.
 */
function gateOf(scheduler: fc.Scheduler): Gate {
  let isOpen = false
  return {
    pass: (label) =>
      isOpen ? undefined : scheduler.schedule(Promise.resolve(), label).then(() => undefined),
    open() {
      isOpen = true
      return scheduler.waitAll()
    },
  }
}

/** Every call of a port goes through the gate. */
const scheduled = (parts: Parts, name: string, gate: Gate): Parts =>
  observePorts(parts, ({ when, name: port }) =>
    when === 'before' ? gate.pass(`${name}: ${port}`) : undefined,
  )

async function prepare(authority: Authority): Promise<RaceWorld> {
  const workspace = await authority.createWorkspace({ name: 'Races', plan: 'pro' }, me)
  const user = await authority.createUser({ email: 'races@example.org' }, me)
  const keyAlgorithm = 'Ed25519'
  const root = await authority.createRoot({ name: 'Root', workspaceId: workspace.id, keyAlgorithm }, me)
  // Not the root: its revocation would be an entry of its own list.
  const below = { name: 'Issuing', parentCaId: root.id, keyAlgorithm } as const
  const { id: caId } = await authority.createIntermediate(below, me)
  const certificateIds: string[] = []
  for (let i = 0; i < certificatesOfWorld; i++) {
    const { certificate } = await authority.issue({ caId, mode: 'csr', csrPem: await csr() }, me)
    certificateIds.push(certificate.id)
  }
  await authority.revoke({ certificateId: certificateIds.at(-1) ?? '', reason: 'certificateHold' }, me)
  const wish = { workspaceId: workspace.id, userId: user.id, name: 'Key', caIds: [caId] }
  const { apiKey, secret } = await authority.createApiKey(wish, me)
  return { caId, certificateIds, apiKey: { id: apiKey.id, secret } }
}

/** A refusal is an outcome; what is no refusal is a failure of the race. */
async function outcomeOf(asked: RaceCall, authority: Authority, world: RaceWorld): Promise<RaceOutcome> {
  try {
    return { asked, ...(await perform(asked, authority, world)) }
  } catch (error) {
    if (isPkiError(error)) return { asked, code: error.code }
    throw error
  }
}
