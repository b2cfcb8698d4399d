import { type Authority, isPkiError } from '@certwright/core'
import type { TracedOutcome } from './trace.js'
import { type CallOf, encodeValue } from './trace-values.js'

/** What came of a call: the value or error itself, and how it is written down. */
export interface Ran {
  readonly outcome: TracedOutcome
  readonly value?: unknown
  readonly error?: unknown
}

/** Methods whose answer comes in parts; they are taken whole, as a list. */
export const streamed: ReadonlySet<string> = new Set<keyof Authority>(['lineage', 'revokeLineage'])

/** Call a method of the authority, whatever comes of it. */
export async function runCall(
  authority: Authority,
  method: string,
  args: readonly unknown[],
  callOf: CallOf,
): Promise<Ran> {
  try {
    const run = authority[method as keyof Authority] as (...args: readonly unknown[]) => unknown
    const answer = run(...args)
    const value = streamed.has(method) ? await collect(answer as AsyncIterable<unknown>) : await answer
    return { value, outcome: { value: encodeAnswer(value, callOf) } }
  } catch (error) {
    const code = isPkiError(error) ? error.code : ''
    const message = error instanceof Error ? error.message : String(error)
    return { error, outcome: { error: { code, message } } }
  }
}

/** A principal that is the answer itself is told by its fields: nobody has it yet. */
function encodeAnswer(value: unknown, callOf: CallOf) {
  const isRecord =
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  return encodeValue(isRecord ? withoutBrands(value) : value, callOf)
}

const withoutBrands = (value: object): object => Object.fromEntries(Object.entries(value))

async function collect(parts: AsyncIterable<unknown>): Promise<unknown[]> {
  const all: unknown[] = []
  for await (const part of parts) all.push(part)
  return all
}
