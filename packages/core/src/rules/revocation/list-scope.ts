import type { CrlPart } from '../../ports/storage.js'
import type { SerialNumber } from '../../x509/serial-number.js'

/*
 * The lists of a CA. The complete one has everything, and delta CRLs bring it up to date. Partitions split the same
 * entries by serial number, for relying parties that would rather not load a million entries to learn of one certificate:
 * each certificate points to its own. How many there are is part of a partition's name, so that certificates keep their
 * list when the CA goes on with another number of them.
 */
export type ListScope =
  | { readonly kind: 'complete' }
  | { readonly kind: 'delta' }
  | { readonly kind: 'partition'; readonly index: number; readonly count: number }

/** Partitions are told apart by the last octet of the serial number. */
export const maximumPartitions = 256

export const isPartitionCount = (count: number): boolean =>
  Number.isInteger(count) && count >= 2 && count <= maximumPartitions && (count & (count - 1)) === 0

/** As in addresses and records: `complete`, `delta`, `3-of-16`. */
export const formatListScope = (scope: ListScope): string =>
  scope.kind === 'partition' ? `${scope.index}-of-${scope.count}` : scope.kind

/** @returns `undefined`: no list has this name */
export function parseListScope(text: string): ListScope | undefined {
  if (text === 'complete' || text === 'delta') return { kind: text }
  const [index = Number.NaN, count = Number.NaN] = text.split('-of-').map(Number)
  const scope = { kind: 'partition', index, count } as const
  const isPartition = isPartitionCount(count) && Number.isInteger(index) && index >= 0 && index < count
  // Only the one text that we write: "03-of-16" is another address.
  return isPartition && formatListScope(scope) === text ? scope : undefined
}

/** The partition that has the entry of a serial number. */
export const partitionOf = (serialNumber: SerialNumber, count: number): ListScope => ({
  kind: 'partition',
  index: Number.parseInt(serialNumber.slice(-2), 16) % count,
  count,
})

/** @param base entries of the status log that the base of a delta CRL covers */
export function entriesOf(scope: ListScope, base: number | undefined): CrlPart {
  if (scope.kind === 'partition') return { partition: { index: scope.index, count: scope.count } }
  return scope.kind === 'delta' && base !== undefined ? { since: base } : {}
}
