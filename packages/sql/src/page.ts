import type { PageRequest } from '@certwright/core'

/**
 * How many records come before a page.
 *
 * @throws {RangeError} it is none: see `PageRequest`
 */
export function firstOfPage({ page, pageSize }: PageRequest): number {
  const isPage = Number.isSafeInteger(page) && page >= 1
  const isSize = Number.isSafeInteger(pageSize) && pageSize >= 1 && pageSize <= 100
  if (isPage && isSize) return (page - 1) * pageSize
  throw new RangeError(`Cannot list: expected page from 1 and pageSize 1 to 100, got ${page} and ${pageSize}`)
}
