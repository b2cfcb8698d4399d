import type { Storage, StorageReads, StorageTransaction } from '@certwright/core'
import type { Ports } from './ports.js'

/** One call of a port, before or after it has its effect. `begin` and `commit` are the ends of a transaction. */
export interface PortCall {
  /** `findCa`, `begin`, `tx.insertReservations`, `commit`, `custody.sign`, `clock.now`, `random.bytes` … */
  readonly name: string
  /** Of a stream there is only `before`: its call is all that there is to see. */
  readonly when: 'before' | 'after'
  /** From 1, in the order in which the calls began. */
  readonly number: number
  readonly args: readonly unknown[]
  /** Of a call that has come back. */
  readonly result?: unknown
}

/**
 * Sees every call. What it throws takes the place of the call, or of its result; a promise is waited for, where the call
 * has a promise itself.
 */
export type PortObserver = (call: PortCall) => void | Promise<void>

/** Calls that answer at once. */
const synchronous: ReadonlySet<string> = new Set(['clock.now', 'random.bytes'])

/** Calls that answer with a stream: a stream that is missing here does not compile. */
const streams: Readonly<Record<StreamName, true>> = {
  listReservations: true,
  listRevocations: true,
  listStatusLog: true,
  listCrlEntries: true,
}
type StreamName = {
  [Name in keyof StorageReads]: ReturnType<StorageReads[Name]> extends AsyncIterable<unknown> ? Name : never
}[keyof StorageReads]

/**
 * The same ports, with every call reported: for tests of what a flow reads, writes and signs, and in which order. All
 * chaos is made with it, and so can be yours.
 */
export function observePorts<P extends Ports>(ports: P, observe: PortObserver): P {
  let calls = 0
  const begin: Begin = (name, args) => {
    const number = ++calls
    return (when, result) => observe({ name, when, number, args, ...(when === 'after' && { result }) })
  }
  return {
    ...ports,
    ...(ports.storage && { storage: observeStorage(ports.storage, begin) }),
    ...(ports.custody && { custody: observed(ports.custody, 'custody.', begin) }),
    ...(ports.clock && { clock: observed(ports.clock, 'clock.', begin) }),
    ...(ports.random && { random: observed(ports.random, 'random.', begin) }),
  }
}

/** Numbers a call, and reports it twice. */
type Begin = (
  name: string,
  args: readonly unknown[],
) => (when: 'before' | 'after', result?: unknown) => void | Promise<void>

function observeStorage(storage: Storage, begin: Begin): Storage {
  const watch = (tx: StorageTransaction) => observed(tx, 'tx.', begin)
  const transaction = async <T>(work: (tx: StorageTransaction) => Promise<T>): Promise<T> => {
    const started = begin('begin', [])
    await started('before')
    let commit: ReturnType<Begin> | undefined
    const result = await storage.transaction(async (tx) => {
      await started('after')
      const inner = await work(watch(tx))
      commit = begin('commit', [])
      await commit('before')
      return inner
    })
    await commit?.('after', result)
    return result
  }
  // The host commits: only what is done inside is seen.
  const joinTransaction: Storage['joinTransaction'] =
    storage.joinTransaction &&
    ((host, work) => (storage.joinTransaction as Joining)(host, (tx) => work(watch(tx))))
  const reads = observed(storage, '', begin)
  return new Proxy(reads, {
    get(target, property) {
      if (property === 'transaction') return transaction
      if (property === 'joinTransaction') return joinTransaction?.bind(storage)
      return Reflect.get(target, property) as unknown
    },
  })
}

type Joining = NonNullable<Storage['joinTransaction']>

function observed<T extends object>(port: T, prefix: string, begin: Begin): T {
  return new Proxy(port, {
    get(target, property) {
      const method: unknown = Reflect.get(target, property)
      if (typeof method !== 'function') return method
      const name = `${prefix}${String(property)}`
      return (...args: unknown[]): unknown => {
        const report = begin(name, args)
        const call = (): unknown => method.apply(target, args)
        if (Object.hasOwn(streams, property)) return atOnce(report, call, false)
        return synchronous.has(name) ? atOnce(report, call, true) : awaited(report, call)
      }
    },
  })
}

function atOnce(report: ReturnType<Begin>, call: () => unknown, isOver: boolean): unknown {
  void report('before')
  const result = call()
  if (isOver) void report('after', result)
  return result
}

async function awaited(report: ReturnType<Begin>, call: () => unknown): Promise<unknown> {
  await report('before')
  const result = await call()
  await report('after', result)
  return result
}
