import * as z from 'zod/mini'
import type { Page, PageRequest } from '../ports/pages.js'

/** Which part of a list. */
export interface PageQuery {
  /** From 1, which is the default. */
  readonly page?: number
  /** 1 to 100; 20 where absent. */
  readonly pageSize?: number
}

/** A part of a list, and where it stands. */
export interface Listing<T> {
  readonly items: readonly T[]
  readonly total: number
  readonly page: number
  readonly pageSize: number
  readonly totalPages: number
}

/** Pages behind this one are not reached by turning pages; it keeps offsets of storage in bounds. */
const lastPage = 1_000_000

export const pageFields = {
  page: z.optional(z.int().check(z.gte(1), z.lte(lastPage))),
  pageSize: z.optional(z.int().check(z.gte(1), z.lte(100))),
}

export const pageRequestOf = (page = 1, pageSize = 20): PageRequest => ({ page, pageSize })

export const listingOf = <T, U>(
  { items, total }: Page<T>,
  { page, pageSize }: PageRequest,
  show: (item: T) => U,
): Listing<U> => ({
  items: items.map(show),
  total,
  page,
  pageSize,
  totalPages: Math.ceil(total / pageSize),
})

/** Every item of a list, a hundred at a time. */
export async function everyItem<T>(list: (page: PageRequest) => Promise<Page<T>>): Promise<readonly T[]> {
  const all: T[] = []
  for (let page = 1; ; page++) {
    const { items, total } = await list({ page, pageSize: 100 })
    all.push(...items)
    if (items.length === 0 || all.length >= total) return all
  }
}
