import type { Authority } from '@certwright/core'
import type { SeededAuthority } from '../seeded/seeded-authority.js'
import { type Ran, runCall, streamed } from './run-call.js'
import { type Trace, type TracedCall, traceFormat } from './trace.js'
import { encodeValue } from './trace-values.js'

export interface RecordedAuthority {
  /** As the one that is recorded. Calls take turns: what runs at the same time has no order that could be repeated. */
  readonly authority: Authority
  /** Everything so far. `JSON.stringify` writes it down. */
  readonly trace: () => Trace
  /** Run a test; where it fails, the error says the trace behind its own message. */
  readonly telling: <T>(run: () => Promise<T>) => Promise<T>
}

/** Record every call of a seeded authority from now on: from its beginning, for a trace that can be replayed. */
export function recordTrace({ authority, clock, ...start }: SeededAuthority): RecordedAuthority {
  const calls: TracedCall[] = []
  const callByPrincipal = new WeakMap<object, number>()
  const callOf = (principal: object): number | undefined => callByPrincipal.get(principal)
  let turn: Promise<unknown> = Promise.resolve()

  const record = (method: string, args: readonly unknown[]): Promise<Ran> => {
    const ran = turn.then(async () => {
      const at = clock.now().toISOString()
      const encoded = args.map((argument) => encodeValue(argument, callOf))
      const run = await runCall(authority, method, args, callOf)
      if (typeof run.value === 'object' && run.value !== null) callByPrincipal.set(run.value, calls.length)
      calls.push({ at, method, arguments: encoded, outcome: run.outcome })
      return run
    })
    turn = ran.catch(() => undefined)
    return ran
  }

  const recorded = Object.fromEntries(
    Object.keys(authority).map((method) => [
      method,
      streamed.has(method)
        ? (...args: readonly unknown[]) => parts(record(method, args))
        : async (...args: readonly unknown[]) => answerOf(await record(method, args)),
    ]),
    // The cast: the same methods, by name.
  ) as unknown as Authority

  const trace = (): Trace => ({
    format: traceFormat,
    seed: start.seed,
    startedAt: start.startedAt.toISOString(),
    settings: start.settings,
    calls: [...calls],
  })
  return {
    authority: recorded,
    trace,
    async telling(run) {
      try {
        return await run()
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        throw new Error(`${message}\n\nThe trace, for replay:\n${JSON.stringify(trace())}\n`, {
          cause: error,
        })
      }
    },
  }
}

function answerOf({ value, error }: Ran): unknown {
  if (error === undefined) return value
  throw error instanceof Error ? error : new Error('the call failed', { cause: error })
}

async function* parts(ran: Promise<Ran>): AsyncGenerator<unknown, void, undefined> {
  yield* answerOf(await ran) as readonly unknown[]
}
