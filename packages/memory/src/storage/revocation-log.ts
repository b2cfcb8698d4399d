import type { CrlPart, CrlReason, Revocation, SerialNumber } from '@certwright/core'
import { RevocationRows } from './revocation-rows.js'

/**
 * The status log of one CA, as a value: adding an entry makes a new log and leaves the old one as it was, so that a
 * rollback only has to forget the new one. The logs of a CA share their rows, and each knows how many are its own.
 */
export class RevocationLog {
  /** How many entries were added; a serial number may have several. */
  readonly count: number
  readonly #caId: string
  readonly #rows: RevocationRows

  private constructor(caId: string, rows: RevocationRows, count: number) {
    this.#caId = caId
    this.#rows = rows
    this.count = count
  }

  static empty(caId: string): RevocationLog {
    return new RevocationLog(caId, new RevocationRows(), 0)
  }

  /** Of two logs that are made from the same one, only the second may be used: transactions run one after another. */
  with(entry: Revocation): RevocationLog {
    this.#rows.truncate(this.count)
    this.#rows.append(entry)
    return new RevocationLog(this.#caId, this.#rows, this.count + 1)
  }

  /** The last entry of a serial number. */
  last(serialNumber: SerialNumber): Revocation | undefined {
    const row = this.#rows.lastOf(serialNumber, this.count)
    return row === undefined ? undefined : this.#record(row)
  }

  lastReason(serialNumber: SerialNumber): CrlReason | undefined {
    const row = this.#rows.lastOf(serialNumber, this.count)
    return row === undefined ? undefined : this.#rows.reason(row)
  }

  /** The last entry of each serial number that is not good again, in the order in which they came. */
  *lastEntries(): Generator<Revocation, void, undefined> {
    for (let row = 0; row < this.count; row++) {
      if (this.#rows.isLast(row, this.count) && this.#rows.reason(row) !== 'removeFromCRL')
        yield this.#record(row)
    }
  }

  /** All, in the order in which they came. */
  *entries(serialNumber?: SerialNumber): Generator<Revocation, void, undefined> {
    const rows = serialNumber === undefined ? this.#allRows() : this.#rows.rowsOf(serialNumber, this.count)
    for (const row of rows) yield this.#record(row)
  }

  /** As the content of a CRL: views on what is kept, each as long as it gets. */
  slabs(part: CrlPart = {}): readonly Uint8Array[] {
    return this.#rows.slabs(this.count, part)
  }

  *#allRows(): Generator<number, void, undefined> {
    for (let row = 0; row < this.count; row++) yield row
  }

  #record(row: number): Revocation {
    return { caId: this.#caId, ...this.#rows.read(row) }
  }
}
