import type { Row } from './row.js'

/* Between the values of records and those of columns. What was written by this package is read by it. */

/** @throws {RangeError} a time that is not in whole seconds: the column would cut it without a word */
export function seconds(time: Date): number {
  const value = time.getTime() / 1000
  if (Number.isInteger(value)) return value
  throw new RangeError('Cannot store record: a time is not in whole seconds')
}

export const optionalSeconds = (time: Date | undefined): number | null => (time ? seconds(time) : null)

export const orNull = <T>(value: T | undefined): T | null => value ?? null

// The caller says what it is: the column holds what a record of that type was written with.
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
export const text = <T extends string = string>(row: Row, column: string): T => row[column] as T

export const integer = (row: Row, column: string): number => Number(row[column])

export const time = (row: Row, column: string): Date => new Date(integer(row, column) * 1000)

export const bytes = (row: Row, column: string): Uint8Array => new Uint8Array(row[column] as Uint8Array)

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
export const json = <T>(row: Row, column: string): T => JSON.parse(text(row, column)) as T

/** `{ [field]: read(…) }`, or nothing for NULL: an absent field is absent. */
export function present<K extends string, T>(
  row: Row,
  field: K,
  column: string,
  read: (row: Row, column: string) => T,
): { readonly [P in K]?: T } {
  const value = row[column]
  if (value === null || value === undefined) return {}
  return { [field]: read(row, column) } as { readonly [P in K]?: T }
}
