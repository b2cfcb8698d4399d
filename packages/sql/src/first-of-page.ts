import type { PageRequest } from '@certwright/core'

/** How many items come before the page. @throws {RangeError} there is no such page */
export function firstOfPage({ page, pageSize }: PageRequest): number {
  const isValid =
    Number.isSafeInteger(page) &&
    page >= 1 &&
    Number.isSafeInteger(pageSize) &&
    pageSize >= 1 &&
    pageSize <= 100
  if (isValid) return (page - 1) * pageSize
  throw new RangeError(`Cannot list: expected page from 1 and pageSize 1 to 100, got ${page} and ${pageSize}`)
}
