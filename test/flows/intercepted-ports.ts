import type { KeyCustody, Storage, StorageTransaction } from '@certwright/core'

/** One call of a port, before or after it has its effect. `begin` and `commit` are the ends of a transaction. */
export interface PortCall {
  /** `findCa`, `begin`, `tx.insertReservation`, `commit`, `custody.sign` … */
  readonly name: string
  readonly when: 'before' | 'after'
  readonly args: readonly unknown[]
  /** Of a call that has come back. */
  readonly result?: unknown
}

/** Sees every call, and may throw in its place. */
export type Interceptor = (call: PortCall) => void

/** The same ports, with every call reported. */
export function intercepted(ports: { storage: Storage; custody: KeyCustody }, intercept: Interceptor) {
  const storage = watched(ports.storage, '', intercept)
  const transaction = async <T>(work: (tx: StorageTransaction) => Promise<T>): Promise<T> => {
    intercept({ name: 'begin', when: 'before', args: [] })
    const result = await ports.storage.transaction(async (tx) => {
      const inner = await work(watched(tx, 'tx.', intercept))
      intercept({ name: 'commit', when: 'before', args: [] })
      return inner
    })
    intercept({ name: 'commit', when: 'after', args: [], result })
    return result
  }
  return {
    storage: new Proxy(storage, {
      get: (target, name) => (name === 'transaction' ? transaction : Reflect.get(target, name)),
    }),
    custody: watched(ports.custody, 'custody.', intercept),
  }
}

function watched<T extends object>(port: T, prefix: string, intercept: Interceptor): T {
  return new Proxy(port, {
    get(target, property) {
      const method: unknown = Reflect.get(target, property)
      if (typeof method !== 'function') return method
      const name = `${prefix}${String(property)}`
      return (...args: unknown[]) => {
        // A stream: its call is all that there is to see.
        if (property === 'listCrlEntries') {
          intercept({ name, when: 'before', args })
          return method.apply(target, args)
        }
        return (async () => {
          intercept({ name, when: 'before', args })
          const result: unknown = await method.apply(target, args)
          intercept({ name, when: 'after', args, result })
          return result
        })()
      }
    },
  })
}

/** The names of the calls in their order; reads of a transaction among them. */
export function recorder(): { readonly calls: string[]; readonly intercept: Interceptor } {
  const calls: string[] = []
  return {
    calls,
    intercept: ({ name, when }) => {
      if (when === 'before') calls.push(name)
    },
  }
}
