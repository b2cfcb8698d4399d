import { setTimeout as wait } from 'node:timers/promises'
import { createCertificateRequest, createName, pemEncode, platformCrypto } from '@certwright/core'
import { Random } from '../fuzz/random.js'
import { Api } from './api.js'
import { Ledger, type Verdict } from './ledger.js'
import { type Life, Load } from './load.js'
import { readCertificates, readFinalState } from './read-final-state.js'
import { killWhileStarting, type Place, startVictim, type Victim } from './victim.js'

/** Answers before a kill, at most: a condition and no time, so that on a slow machine there is as much to lose. */
const mostAnswers = 24

/** Milliseconds from then to the kill, at most: into the middle of what is on its way. */
const longestDelay = 30

/** Milliseconds after which a life is over that gives too few answers. */
const longestLife = 20_000

/** Milliseconds between two looks at the number of answers. */
const lookInterval = 2

/** Milliseconds: a start takes about half a second, and is killed in between. */
const longestStart = 600

/** One kill of so many is during a start. */
const killsPerStartKill = 8

export interface TortureOptions {
  readonly kills: number
  readonly seed: number
  /** Wait in the end until all requests are answered, two minutes at most: the lease of an idempotency key. */
  readonly settle: boolean
  /** Called when the victim is dead, and waited for before it lives again. */
  readonly progress: (kills: number) => void | Promise<void>
}

export interface TortureReport extends Verdict {
  readonly kills: number
  readonly seed: number
  readonly requests: number
  readonly answered: number
  /** That the store has in the end. */
  readonly certificates: number
  readonly revocations: number
  readonly highestCrlNumber: number
  /** Requests that were never answered. */
  readonly unanswered: number
  readonly doctor: 'clean' | readonly string[]
  readonly seconds: number
}

/**
 * Kill the victim at random moments of its load, and compare what it has answered with what it has.
 *
 * @throws {Error} it ended by itself, did not start, or gave an answer that nobody may get
 */
export async function torture(place: Place, options: TortureOptions): Promise<TortureReport> {
  const lives = livesOf(place)
  try {
    return await tortureAll(place, lives, options)
  } catch (error) {
    throw new Error(`seed ${options.seed}: ${String(error)}\n${lives.complaints()}`, { cause: error })
  } finally {
    await lives.end()
  }
}

async function tortureAll(
  place: Place,
  lives: Lives,
  { kills, seed, settle, progress }: TortureOptions,
): Promise<TortureReport> {
  const begin = performance.now()
  const random = new Random(seed)
  const ledger = new Ledger()
  const load = new Load(ledger, new Random(seed + 1), await createCsr())

  let life = await lives.next()
  for (let killed = 0; killed < kills; ) {
    await runUntilKill(load, life, {
      lives,
      answers: random.below(mostAnswers),
      delay: random.below(longestDelay),
    })
    await progress(++killed)
    if (killed < kills && random.below(killsPerStartKill) === 0) {
      await killWhileStarting(place, random.below(longestStart))
      await progress(++killed)
    }
    const last = life
    life = await lives.next()
    await compareWithStore(ledger, last, life)
    await load.readCrl(life)
  }
  if (settle) await load.settle(life)
  await load.readCrl(life)

  const { revocations, highestCrl } = ledger.now()
  const state = await readFinalState(place, async () => (await lives.next()).api)
  return {
    ...ledger.judge(state),
    kills,
    seed,
    requests: load.requests,
    answered: load.answered,
    certificates: state.certificates.length,
    revocations,
    highestCrlNumber: Number(highestCrl),
    unanswered: load.pending,
    doctor:
      state.doctor.length === 0
        ? 'clean'
        : state.doctor.map(({ check, subject, message }) => `${check}: ${subject}: ${message}`),
    seconds: Math.round((performance.now() - begin) / 1000),
  }
}

export const isClean = (report: TortureReport): boolean =>
  report.doctor === 'clean' &&
  report.handedOutNotStored +
    report.signaturesWithoutReservation +
    report.duplicateSerials +
    report.crlNumbersReused +
    report.keysWithTwoCertificates +
    report.revocationsLost ===
    0

/** One process after the other; the one before is killed. */
interface Lives {
  next(): Promise<Life>
  /** What the one that runs has logged as errors. */
  complaints(): string
  end(): Promise<void>
}

function livesOf(place: Place): Lives {
  let victim: Victim | undefined
  let apiKey: string | undefined
  const end = async (): Promise<void> => {
    const last = victim
    victim = undefined
    await last?.kill()
  }
  return {
    end,
    complaints: () => victim?.complaints() ?? '',
    async next() {
      await end()
      victim = await startVictim(place)
      apiKey ??= victim.apiKey
      if (apiKey === undefined) throw new Error('the victim shows no API key: its store is not new')
      return {
        api: new Api(victim.url, apiKey),
        caId: victim.issuingCaId,
        isOver: false,
        handedOut: [],
      }
    },
  }
}

async function runUntilKill(
  load: Load,
  life: Life,
  { lives, answers, delay }: { readonly lives: Lives; readonly answers: number; readonly delay: number },
): Promise<void> {
  const enough = load.answered + answers
  const kill = async (): Promise<void> => {
    const limit = performance.now() + longestLife
    while (load.answered < enough && performance.now() < limit) await wait(lookInterval)
    await wait(delay)
    life.isOver = true
    await lives.end()
  }
  await Promise.all([load.run(life), kill()])
}

async function compareWithStore(ledger: Ledger, last: Life, { api }: Life): Promise<void> {
  const stored = await readCertificates(api, last.handedOut)
  const byId = new Map(stored.map((certificate) => [certificate.id, certificate]))
  for (const id of last.handedOut) ledger.readBack(id, byId.get(id))
}

/** One for all: names come with the request, and a public key may have many certificates. */
async function createCsr(): Promise<string> {
  const { pkcs8Der } = await platformCrypto.generateKeyPair('ECDSA-P256')
  const key = await platformCrypto.importSigningKey(pkcs8Der)
  const request = { subject: createName({}), subjectAltNames: [] }
  return pemEncode('CERTIFICATE REQUEST', await createCertificateRequest(request, key))
}
