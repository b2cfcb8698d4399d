import type { Row } from '@certwright/sql'

/** Lineages that are kept in mind, and reservations: those of a thousand CAs, and of ten full batches of `issueMany`. */
const maximumLineages = 1000
const maximumReservations = 10_000

export interface CaVersion {
  readonly id: string
  /** Of the row: the transaction that wrote it. */
  readonly version: string
}

/** What a transaction rests on: a row of a CA as it was when it was read, and a reservation that is open. */
export interface Expectations {
  /** By both of its fields: two versions of one CA are two, of which one does not hold. */
  readonly cas: ReadonlyMap<string, CaVersion>
  /** To be closed as recorded. */
  readonly reservationIds: readonly string[]
}

/**
 * What this process has itself read or written a moment ago. A transaction may answer from it, where its last statement
 * proves that it still holds (`expect-statement.ts`): so an issuance is recorded in one round trip instead of four. What
 * another process has changed since fails that statement, as a serialization failure; what this one changes is forgotten.
 */
export class Recollection {
  readonly #lineages = new Map<string, readonly Row[]>()
  readonly #reservationIds = new Set<string>()
  #changes = 0

  /** Read a lineage, and keep it in mind unless a CA is changed meanwhile. */
  async lineage(caId: string, read: () => Promise<readonly Row[]>): Promise<readonly Row[]> {
    const changes = this.#changes
    const rows = await read()
    if (changes === this.#changes && rows.length > 0) keep(this.#lineages, caId, rows)
    if (this.#lineages.size > maximumLineages) this.#lineages.delete(oldestOf(this.#lineages.keys()))
    return rows
  }

  knownLineage(caId: string): readonly Row[] | undefined {
    return this.#lineages.get(caId)
  }

  /** Before a CA is changed, again when that is committed, and where an expectation did not hold. */
  forgetLineages(): void {
    this.#changes += 1
    this.#lineages.clear()
  }

  /** Committed as open. */
  reserved(ids: readonly string[]): void {
    for (const id of ids) this.#reservationIds.add(id)
    for (const id of this.#reservationIds) {
      if (this.#reservationIds.size <= maximumReservations) return
      this.#reservationIds.delete(id)
    }
  }

  /** Once: whoever asks is about to close them. @returns whether all of them are known to be open */
  takeReservations(ids: readonly string[]): boolean {
    const isKnown = new Set(ids).size === ids.length && ids.every((id) => this.#reservationIds.has(id))
    for (const id of ids) this.#reservationIds.delete(id)
    return isKnown
  }
}

function keep(lineages: Map<string, readonly Row[]>, caId: string, rows: readonly Row[]): void {
  lineages.delete(caId)
  lineages.set(caId, rows)
}

const oldestOf = (ids: Iterator<string>): string => ids.next().value ?? ''
