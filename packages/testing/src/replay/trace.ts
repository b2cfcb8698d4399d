import { PkiError } from '@certwright/core'
import type { SeededSettings } from '../seeded/seeded-authority.js'

/** A value as JSON: see trace-values.ts for what JSON has no word for. */
export type TraceValue = null | boolean | number | string | readonly TraceValue[] | TraceObject
export interface TraceObject {
  readonly [name: string]: TraceValue
}

/**
 * The history of a seeded authority: what was asked, when, and what came of it. With the seed it has every key of that
 * authority, so it is for tests alone.
 */
export interface Trace {
  readonly format: typeof traceFormat
  readonly seed: string
  /** ISO 8601, as all times. */
  readonly startedAt: string
  readonly settings: SeededSettings
  readonly calls: readonly TracedCall[]
}

export interface TracedCall {
  readonly at: string
  /** Of `Authority`. */
  readonly method: string
  readonly arguments: readonly TraceValue[]
  readonly outcome: TracedOutcome
}

export type TracedOutcome =
  | { readonly value: TraceValue }
  /** `code` is `''` for an error that is no `PkiError`. */
  | { readonly error: { readonly code: string; readonly message: string } }

export const traceFormat = 'certwright-trace/1'

/**
 * Read a trace that was written by `JSON.stringify`.
 *
 * @throws {PkiError} `invalid_request`: the text is no trace, with what is wrong
 */
export function parseTrace(text: string): Trace {
  const trace = parseJson(text)
  if (!isObject(trace) || trace['format'] !== traceFormat) throw noTrace('format', `is not ${traceFormat}`)
  const { seed, startedAt, settings, calls } = trace
  if (typeof seed !== 'string') throw noTrace('seed', 'is no text')
  if (!isTime(startedAt)) throw noTrace('startedAt', 'is no time')
  if (!isObject(settings)) throw noTrace('settings', 'is no object')
  if (!Array.isArray(calls)) throw noTrace('calls', 'is no list')
  calls.forEach((call: unknown, index) => requireCall(call, `calls[${index}]`))
  // The cast: what has just been looked at, down to the values, which replay reads as they are.
  return trace as unknown as Trace
}

function requireCall(call: unknown, path: string): void {
  if (!isObject(call)) throw noTrace(path, 'is no object')
  if (!isTime(call['at'])) throw noTrace(`${path}.at`, 'is no time')
  if (typeof call['method'] !== 'string') throw noTrace(`${path}.method`, 'is no text')
  if (!Array.isArray(call['arguments'])) throw noTrace(`${path}.arguments`, 'is no list')
  if (!isObject(call['outcome'])) throw noTrace(`${path}.outcome`, 'is no object')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw noTrace('', cause instanceof Error ? cause.message : 'it is no JSON')
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isTime = (value: unknown): boolean => typeof value === 'string' && !Number.isNaN(Date.parse(value))

function noTrace(path: string, message: string): PkiError<'invalid_request'> {
  const place = path === '' ? '' : `${path} `
  return new PkiError('invalid_request', `Cannot read trace: ${place}${message}`, {
    issues: [{ path, message }],
  })
}
