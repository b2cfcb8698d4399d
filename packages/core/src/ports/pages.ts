/** A place in a sorted list. `page` counts from 1. */
export interface PageRequest {
  readonly page: number
  /** 1 to 100. */
  readonly pageSize: number
}

export interface Page<T> {
  readonly items: readonly T[]
  /** How many match in all. */
  readonly total: number
}
