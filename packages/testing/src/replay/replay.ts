import { PkiError, type Storage } from '@certwright/core'
import { seededAuthority } from '../seeded/seeded-authority.js'
import { runCall } from './run-call.js'
import type { Trace, TracedOutcome } from './trace.js'
import { decodeValue } from './trace-values.js'

/** The first call that came to something else. */
export interface ReplayDifference {
  /** Of the call, from 0. */
  readonly index: number
  readonly method: string
  readonly at: string
  readonly expected: TracedOutcome
  readonly got: TracedOutcome
}

export interface ReplayReport {
  /** How many calls were made: all, or those up to the first that differs. */
  readonly calls: number
  /** Absent: every answer was the same, byte for byte. */
  readonly difference?: ReplayDifference
}

/**
 * Live through a trace again, from its seed: the same calls at the same times, and compare every answer.
 *
 * @param options.storage an empty store; default: in memory
 * @throws {PkiError} `invalid_request`: a call that no authority has
 */
export async function replay(
  trace: Trace,
  options: { readonly storage?: Storage } = {},
): Promise<ReplayReport> {
  const { seed, settings } = trace
  const { authority, clock } = seededAuthority({
    seed,
    settings,
    startedAt: new Date(trace.startedAt),
    ...options,
  })
  const results: unknown[] = []
  for (const [index, { at, method, arguments: args, outcome: expected }] of trace.calls.entries()) {
    if (!Object.hasOwn(authority, method)) throw unknownMethod(index, method)
    clock.setTo(new Date(at))
    const decoded = args.map((argument) => decodeValue(argument, (call) => results[call]))
    const { value, outcome: got } = await runCall(authority, method, decoded, (principal) =>
      indexOf(results, principal),
    )
    results.push(value)
    if (JSON.stringify(got) !== JSON.stringify(expected)) {
      return { calls: index + 1, difference: { index, method, at, expected, got } }
    }
  }
  return { calls: trace.calls.length }
}

function indexOf(results: readonly unknown[], value: object): number | undefined {
  const index = results.indexOf(value)
  return index === -1 ? undefined : index
}

function unknownMethod(index: number, method: string): PkiError<'invalid_request'> {
  const path = `calls[${index}].method`
  const message = `"${method}" is no method of an authority`
  return new PkiError('invalid_request', `Cannot replay trace: ${path}: ${message}`, {
    issues: [{ path, message }],
  })
}
