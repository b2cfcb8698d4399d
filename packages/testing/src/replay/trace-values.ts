import { operator, type Principal } from '@certwright/core'
import type { TraceObject, TraceValue } from './trace.js'

/*
 * Values as JSON, and back. What JSON has no word for is an object with one name that begins with a dollar sign, as no
 * field of ours does. `undefined` is left out of objects: in requests and answers, absent and undefined are one.
 *
 * A principal cannot be written down: an operator is made anew by its name, the principal of a credential is the answer of
 * an earlier call.
 */

/** Finds which call has made a principal. */
export type CallOf = (principal: object) => number | undefined
/** Finds what a call has made. */
export type ResultOf = (call: number) => unknown

export function encodeValue(value: unknown, callOf: CallOf): TraceValue {
  const inside = (item: unknown): TraceValue => encodeValue(item, callOf)
  if (value === undefined) return { $undefined: true }
  if (
    value === null ||
    typeof value === 'boolean' ||
    typeof value === 'number' ||
    typeof value === 'string'
  ) {
    return value
  }
  if (typeof value === 'bigint') return { $bigint: String(value) }
  if (value instanceof Date) return { $date: value.toISOString() }
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') }
  if (value instanceof Map) return { $map: [...value].map(([key, item]) => [inside(key), inside(item)]) }
  if (Array.isArray(value)) return value.map(inside)
  if (typeof value !== 'object') throw new TypeError(`trace: expected data, got a ${typeof value}`)
  if (isPrincipal(value)) return encodePrincipal(value, callOf)
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([name, item]) => [name, inside(item)]),
  )
}

const isPrincipal = (value: object): value is Principal =>
  'kind' in value && 'id' in value && Object.getOwnPropertySymbols(value).length > 0

function encodePrincipal(principal: Principal, callOf: CallOf): TraceObject {
  if (principal.kind === 'operator') return { $operator: principal.id }
  const call = callOf(principal)
  if (call !== undefined) return { $resultOf: call }
  throw new TypeError('trace: expected a principal that this authority has authenticated')
}

const decoders: Readonly<Record<string, (content: never, resultOf: ResultOf) => unknown>> = {
  $undefined: () => undefined,
  $bigint: (text: string) => BigInt(text),
  $date: (text: string) => new Date(text),
  $bytes: (text: string) => new Uint8Array(Buffer.from(text, 'base64')),
  $map: (pairs: readonly [TraceValue, TraceValue][], resultOf) =>
    new Map(pairs.map(([key, item]) => [decodeValue(key, resultOf), decodeValue(item, resultOf)])),
  $operator: (name: string) => operator(name),
  $resultOf: (call: number, resultOf) => resultOf(call),
}

export function decodeValue(value: TraceValue, resultOf: ResultOf): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (isList(value)) return value.map((item) => decodeValue(item, resultOf))
  const entries = Object.entries(value)
  const [name, content] = entries.length === 1 ? (entries[0] ?? []) : []
  const decode = name !== undefined && Object.hasOwn(decoders, name) ? decoders[name] : undefined
  if (decode !== undefined) return decode(content as never, resultOf)
  return Object.fromEntries(entries.map(([key, item]) => [key, decodeValue(item, resultOf)]))
}

const isList = (value: object): value is readonly TraceValue[] => Array.isArray(value)
