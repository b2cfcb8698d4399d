import type { Columns, Row } from '@certwright/sql'
import type { Claim } from './idempotency-statements.js'

/** Lineages that are kept in mind: those of a thousand CAs. Reservations and claims: those of ten full batches. */
const maximumLineages = 1000
const maximumPending = 10_000

export interface CaVersion {
  readonly id: string
  /** Of the row: the transaction that wrote it. */
  readonly version: string
}

/** What a transaction rests on: rows of CAs as they were when they were read, and what is still waiting for its end. */
export interface Expectations {
  /** By both of its fields: two versions of one CA are two, of which one does not hold. */
  readonly cas: ReadonlyMap<string, CaVersion>
  /** To be closed as recorded. */
  readonly reservationIds: readonly string[]
  /** To idempotency keys that nobody has. */
  readonly claims: readonly Claim[]
  /** Records of idempotency keys, by column, whose key the certificate still has. */
  readonly answers: readonly Columns[]
}

/** A reservation that is open, or the claim to a key: whose it is. A later claim takes the place of the former one. */
export interface Pending {
  readonly name: string
  readonly owner: string
}

/** Of an idempotency key. */
export const keyName = (scope: string, keyHash: string): string => JSON.stringify([scope, keyHash])

export const isNothing = ({ cas, reservationIds, claims, answers }: Expectations): boolean =>
  cas.size === 0 && reservationIds.length === 0 && claims.length === 0 && answers.length === 0

/**
 * What this process has itself read or written a moment ago. A transaction may answer from it, where its last statement
 * proves that it still holds (`expect-statement.ts`): so an issuance is recorded in one round trip instead of four. What
 * another process has changed since fails that statement, as a serialization failure; what this one changes is forgotten.
 */
export class Recollection {
  readonly #lineages = new Map<string, readonly Row[]>()
  readonly #pending = new Map<string, string>()
  readonly #free = new Set<string>()
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

  /** Nobody has claimed what is named so. */
  foundFree(name: string): void {
    this.#free.add(name)
    if (this.#free.size > maximumPending) this.#free.delete(oldestOf(this.#free.keys()))
  }

  /** Once: whoever asks is about to claim it. @returns whether nobody was known to have it */
  takeFree(name: string): boolean {
    return this.#free.delete(name)
  }

  /** Committed, and waiting for an end. */
  began(pending: readonly Pending[]): void {
    for (const { name, owner } of pending) this.#pending.set(name, owner)
    for (const name of this.#pending.keys()) {
      if (this.#pending.size <= maximumPending) return
      this.#pending.delete(name)
    }
  }

  /** Once: whoever asks is about to end them. @returns whether all of them are known to be waiting for it */
  end(pending: readonly Pending[]): boolean {
    const isDistinct = new Set(pending.map(({ name }) => name)).size === pending.length
    const areKnown = pending.every(({ name, owner }) => this.#pending.get(name) === owner)
    for (const { name } of pending) this.#pending.delete(name)
    return isDistinct && areKnown
  }
}

function keep(lineages: Map<string, readonly Row[]>, caId: string, rows: readonly Row[]): void {
  lineages.delete(caId)
  lineages.set(caId, rows)
}

const oldestOf = (ids: Iterator<string>): string => ids.next().value ?? ''
