import type { CrlRecord } from '@certwright/core'

/*
 * Records go in and out by value. Freezing on the way in would be cheaper, but it does not reach into bytes, dates and
 * maps; so every record is copied once on each way, about half a microsecond, and what is kept is never handed out.
 */

/**
 * A copy that shares nothing mutable with its original. Bytes of any subclass (Node's Buffer) become a plain Uint8Array.
 *
 * @throws {RangeError} a time is not in whole seconds: a database would round it without a word
 * @throws {TypeError} a value that no record may hold
 */
export const copyRecord = <T extends object>(record: T): T => detached({ ...record })

/**
 * As `copyRecord`, of a copy that shares what it holds with its original. V8 copies at once where a place in the code sees
 * one kind of records alone, so those that are read for every answer have a place of their own.
 *
 * @param copy nobody else has it; changed in place
 */
export function detached<T extends object>(copy: T): T {
  // The same names, and each value replaced by one of its own type.
  const values = copy as Record<string, unknown>
  for (const name in values) {
    const value = values[name]
    if (typeof value === 'object') values[name] = copyValue(name, value)
  }
  return copy
}

/** As `copyRecord`; nothing comes of nothing. */
export const copyFound = <T extends object>(record: T | undefined): T | undefined =>
  record === undefined ? undefined : copyRecord(record)

/** A CRL shares its bytes, up to 50 MB, with its original: a copy for each relying party that asks is too dear. */
export const copyCrl = ({ der, ...summary }: CrlRecord): CrlRecord => ({ ...copyRecord(summary), der })

function copyValue(name: string, value: object | null): unknown {
  if (value instanceof Uint8Array) return new Uint8Array(value)
  if (value instanceof Date) return copyTime(name, value)
  if (Array.isArray(value)) return value.map((item) => copyItem(name, item))
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, copyItem(name, item)]))
  if (value === null) throw new TypeError(`Cannot copy record: "${name}" is null, absent is undefined`)
  return copyRecord(value)
}

const copyItem = (name: string, item: unknown): unknown =>
  typeof item === 'object' ? copyValue(name, item) : item

function copyTime(name: string, time: Date): Date {
  const milliseconds = time.getTime()
  if (milliseconds % 1000 === 0) return new Date(milliseconds)
  throw new RangeError(`Cannot copy record: "${name}" is not a time in whole seconds`)
}
