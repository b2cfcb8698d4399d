import type { Revocation, SerialNumber } from '@certwright/core'

/**
 * The status log of one CA, as a value: adding an entry makes a new log and leaves the old one as it was, so that a
 * rollback only has to forget the new one. Adding takes constant time; sorting costs what was added since somebody last
 * asked, and a walk through the rest.
 */
export class RevocationLog {
  static readonly empty = new RevocationLog(0, [])

  /** How many entries were added; a serial number may have several. */
  readonly count: number
  #content: Content

  private constructor(count: number, content: Content) {
    this.count = count
    this.#content = content
  }

  with(entry: Revocation): RevocationLog {
    return new RevocationLog(this.count + 1, { entry, previous: this })
  }

  /** The last entry of each serial number, sorted as integers. The array never changes: it is the log at one instant. */
  lastEntries(): readonly Revocation[] {
    const added = new Map<SerialNumber, Revocation>()
    let content = this.#content
    while ('entry' in content) {
      const { entry, previous } = content
      if (!added.has(entry.serialNumber)) added.set(entry.serialNumber, entry)
      content = previous.#content
    }
    if (added.size === 0) return content
    const sorted = merge(content, [...added.values()].sort(bySerialNumber))
    this.#content = sorted
    return sorted
  }
}

/** Sorted, once somebody has asked, which also lets go of the older logs; until then what was added to which log. */
type Content = readonly Revocation[] | { readonly entry: Revocation; readonly previous: RevocationLog }

/** Both sorted; of the same serial number in both, the newer entry stays. */
function merge(older: readonly Revocation[], newer: readonly Revocation[]): readonly Revocation[] {
  const merged: Revocation[] = []
  let i = 0
  for (const entry of newer) {
    let order = -1
    for (; i < older.length; i++) {
      order = bySerialNumber(older[i] as Revocation, entry)
      if (order >= 0) break
      merged.push(older[i] as Revocation)
    }
    if (order === 0) i++
    merged.push(entry)
  }
  for (; i < older.length; i++) merged.push(older[i] as Revocation)
  return merged
}

const bySerialNumber = (a: Revocation, b: Revocation): number =>
  compareSerialNumbers(a.serialNumber, b.serialNumber)

/** One integer has one text without leading zeros, so the longer text is the greater number, and below zero the smaller. */
function compareSerialNumbers(a: SerialNumber, b: SerialNumber): number {
  const isNegative = a.startsWith('-')
  if (isNegative !== b.startsWith('-')) return isNegative ? -1 : 1
  const magnitude = a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)
  return isNegative ? -magnitude : magnitude
}
