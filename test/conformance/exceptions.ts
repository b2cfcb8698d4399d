import type { Divergence } from './run-pack.js'

/** A divergence that is known, and why we differ. */
export interface Exception {
  readonly expected: string
  readonly got: string
  readonly reason: string
}

/** By pack and by id. An id that ends in `*` stands for all cases that start so and expect the same. */
export type Exceptions = Readonly<Record<string, Readonly<Record<string, Exception>>>>

export interface Surprises {
  /** Divergences that are not listed, or listed with another answer. */
  readonly unlisted: readonly Divergence[]
  /** Ids of cases that are listed and agree now: the entry is to be removed. */
  readonly unexpectedSuccesses: readonly string[]
}

/** @throws {Error} an entry without a reason: a list of excuses that nobody gave is worth nothing */
export function checkExceptions(exceptions: Exceptions): void {
  for (const [pack, entries] of Object.entries(exceptions)) {
    for (const [id, { reason }] of Object.entries(entries)) {
      if (reason.trim() === '') throw new Error(`Cannot use exceptions: ${pack} ${id} has no reason`)
    }
  }
}

/** @param run `agreed` is id → what was expected and got */
export function surprisesOf(
  run: {
    readonly name: string
    readonly divergences: readonly Divergence[]
    readonly agreed: ReadonlyMap<string, string>
  },
  exceptions: Exceptions,
): Surprises {
  const listed = exceptions[run.name] ?? {}
  return {
    unlisted: run.divergences.filter(({ id, expected, got }) => entryFor(listed, id, expected)?.got !== got),
    unexpectedSuccesses: [...run.agreed.entries()]
      .filter(([id, expected]) => entryFor(listed, id, expected) !== undefined)
      .map(([id]) => id),
  }
}

function entryFor(
  listed: Readonly<Record<string, Exception>>,
  id: string,
  expected: string,
): Exception | undefined {
  const found = Object.entries(listed).find(
    ([key, entry]) =>
      entry.expected === expected && (key === id || (key.endsWith('*') && id.startsWith(key.slice(0, -1)))),
  )
  return found?.[1]
}
