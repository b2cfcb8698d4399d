/** A table as a reader sees it: rows by key. A `Map` is one, and so is a draft of a `Map`. */
export interface Rows<V> {
  get(key: string): V | undefined
  has(key: string): boolean
  /** In the order of insertion. */
  values(): Iterable<V>
}

/** The changes that one transaction wants to make to one table, and the table as if they were made. */
export class DraftRows<V> implements Rows<V> {
  readonly #committed: Map<string, V>
  /** By key; `undefined` for a deleted row. Made with the first write, because most tables see none. */
  #changes: Map<string, V | undefined> | undefined

  constructor(committed: Map<string, V>) {
    this.#committed = committed
  }

  get(key: string): V | undefined {
    return this.#changes?.has(key) === true ? this.#changes.get(key) : this.#committed.get(key)
  }

  has(key: string): boolean {
    return this.get(key) !== undefined
  }

  *values(): Iterable<V> {
    const changes = this.#changes
    for (const [key, row] of this.#committed) {
      const current = changes?.has(key) === true ? changes.get(key) : row
      if (current !== undefined) yield current
    }
    if (changes === undefined) return
    for (const [key, row] of changes) {
      if (row !== undefined && !this.#committed.has(key)) yield row
    }
  }

  set(key: string, row: V): void {
    this.#changes ??= new Map()
    // What was deleted before, or was never there, comes behind what has been written since.
    if (this.#changes.get(key) === undefined) this.#changes.delete(key)
    this.#changes.set(key, row)
  }

  delete(key: string): void {
    this.#changes ??= new Map()
    this.#changes.set(key, undefined)
  }

  /** Make the changes. Nothing here can fail, so that all tables of a transaction change or none. */
  commit(): void {
    if (this.#changes === undefined) return
    for (const [key, row] of this.#changes) {
      if (row === undefined) this.#committed.delete(key)
      else this.#committed.set(key, row)
    }
  }
}
