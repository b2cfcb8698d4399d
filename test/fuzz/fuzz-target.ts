import { isPkiError } from '@certwright/core'
import { mutate } from './mutate.js'
import { Random } from './random.js'

export interface FuzzReport {
  readonly parser: string
  readonly executions: number
  readonly seconds: number
  readonly accepted: number
  /** Different things that the parser said, numbers apart: how far the inputs reach. */
  readonly outcomes: number
  /** Errors that are no `PkiError`, each kind once, with the input in hex. */
  readonly faults: readonly { readonly error: string; readonly input: string }[]
  readonly slowestMs: number
  readonly slowestInput: string
  /** Heap at the end above the heap when the corpus had stopped growing fast, both after a collection. */
  readonly heapGrowthMb: number
}

export interface FuzzOptions {
  readonly parser: string
  /** A promise is awaited. */
  readonly parse: (der: Uint8Array) => unknown
  readonly corpus: readonly Uint8Array[]
  readonly seconds: number
  readonly seed: number
  /** Milliseconds, from any start. */
  readonly clock: () => number
  /** Memory in use after a collection, bytes of arrays included, octets. */
  readonly heap: () => number
  /** Called with every input before it is parsed, so that somebody else can see a hang. */
  readonly onInput?: (input: Uint8Array) => void
}

/** Inputs that are kept because they led to something new. Each costs memory, and the oldest are the simplest. */
const maximumCorpus = 2000

/** The heap is first measured when this part of the time has gone: until then caches and corpus fill. */
const warmUp = 0.25

/** Inputs whose time is not counted: the first meet code that is not compiled yet. */
const uncounted = 200

/** Parse mutations of a corpus until the time is over. An input that makes the parser say something new joins the corpus. */
export async function fuzzTarget(options: FuzzOptions): Promise<FuzzReport> {
  const { parser, parse, seconds, clock, heap } = options
  const random = new Random(options.seed)
  // What the parser takes, and what has led to something new: nearly every mutation starts there.
  const near: Uint8Array[] = []
  for (const input of options.corpus) {
    if ((await outcomeOf(parse, input)).outcome === 'accepted') near.push(input)
  }
  const outcomes = new Set<string>()
  const faults = new Map<string, string>()
  const slowest = { ms: 0, input: '' }
  let [executions, accepted] = [0, 0]
  let heapBefore: number | undefined
  const started = clock()
  for (let now = started; now - started < seconds * 1000; ) {
    if (heapBefore === undefined && now - started >= seconds * 1000 * warmUp) heapBefore = heap()
    const parent = random.pick(near.length === 0 || random.below(8) === 0 ? options.corpus : near)
    const input = mutate(parent, random.pick(options.corpus), random)
    options.onInput?.(input)
    const before = clock()
    const { outcome, fault } = await outcomeOf(parse, input)
    now = clock()
    if (++executions > uncounted && now - before > slowest.ms) {
      Object.assign(slowest, { ms: now - before, input: hexOf(input) })
    }
    if (outcome === 'accepted') accepted++
    if (fault) faults.set(outcome, faults.get(outcome) ?? hexOf(input))
    if (!outcomes.has(outcome)) {
      outcomes.add(outcome)
      if (near.length < maximumCorpus) near.push(input.slice())
    }
  }
  return {
    parser,
    executions,
    seconds: (clock() - started) / 1000,
    accepted,
    outcomes: outcomes.size,
    faults: [...faults].map(([error, input]) => ({ error, input })),
    slowestMs: slowest.ms,
    slowestInput: slowest.input,
    heapGrowthMb: (heap() - (heapBefore ?? heap())) / 2 ** 20,
  }
}

async function outcomeOf(
  parse: FuzzOptions['parse'],
  input: Uint8Array,
): Promise<{ outcome: string; fault: boolean }> {
  try {
    await parse(input)
    return { outcome: 'accepted', fault: false }
  } catch (error) {
    const outcome = String(error).replace(/[0-9]+|"[^"]*"/g, '…')
    return { outcome, fault: !isPkiError(error) }
  }
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
