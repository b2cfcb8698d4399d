import assert from 'node:assert/strict'
import { hasCode, type StorageConstraint } from '@certwright/core'

/**
 * Equal as values: the class of a record and that of its bytes (a `Buffer` is a `Uint8Array`) are the adapter's business.
 * A field that is `undefined` is not absent, and fails.
 */
export function assertEqual(actual: unknown, expected: unknown, message?: string): void {
  assert.deepEqual(plain(actual), plain(expected), message)
}

/** The same without classes: copies of plain objects, arrays, maps, bytes and dates. */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Uint8Array) return Uint8Array.from(value)
  if (value instanceof Date) return new Date(value)
  if (value instanceof Map) return new Map([...value].map(([key, inner]) => [key, plain(inner)]))
  if (Array.isArray(value)) return value.map(plain)
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]))
}

/**
 * @param constraints one, or several where a record breaks them all: which is told depends on the order of the checks
 * @returns the error, which is `storage_conflict` with such a constraint
 */
export async function assertConflict(
  attempt: Promise<unknown>,
  ...constraints: readonly StorageConstraint[]
): Promise<Error> {
  const error = await rejectionOf(attempt)
  const expected = `expected storage_conflict / ${constraints.join(' or ')}`
  assert.ok(hasCode(error, 'storage_conflict'), `${expected}, got ${String(error)}`)
  const { constraint } = error.context
  assert.ok(constraints.includes(constraint), `${expected}, got ${constraint}`)
  return error
}

export async function assertRangeError(attempt: Promise<unknown>): Promise<void> {
  const error = await rejectionOf(attempt)
  assert.ok(error instanceof RangeError, `expected a RangeError, got ${String(error)}`)
}

export async function rejectionOf(attempt: Promise<unknown>): Promise<unknown> {
  const outcome = await attempt.then(
    () => ({ error: undefined, isRejected: false }),
    (error: unknown) => ({ error, isRejected: true }),
  )
  assert.ok(outcome.isRejected, 'expected a rejection')
  return outcome.error
}
