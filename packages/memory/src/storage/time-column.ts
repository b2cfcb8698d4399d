import { Column } from './column.js'

/** 0000-01-01T00:00:00Z, where the years of X.509 begin: those to 9999 take 39 bits from there. */
const firstSecond = -62_167_219_200

/** One time for each row, in whole seconds: five octets, where a number would take eight. */
export class TimeColumn {
  readonly #low = new Column(Uint32Array)
  readonly #high = new Column(Uint8Array)

  get(row: number): Date {
    const seconds = this.#high.get(row) * 2 ** 32 + this.#low.get(row) + firstSecond
    return new Date(seconds * 1000)
  }

  /**
   * @param row at most one beyond those that have been set
   * @throws {RangeError} as `copyRecord`: not in whole seconds, or outside the years 0000 to 9999
   */
  set(row: number, time: Date): void {
    const milliseconds = time.getTime()
    if (milliseconds % 1000 !== 0)
      throw new RangeError('Cannot copy record: a revocation has a time that is not in whole seconds')
    const seconds = milliseconds / 1000 - firstSecond
    if (!(seconds >= 0 && seconds < 2 ** 40))
      throw new RangeError('Cannot copy record: a revocation has a time outside the years 0000 to 9999')
    this.#low.set(row, seconds % 2 ** 32)
    this.#high.set(row, Math.floor(seconds / 2 ** 32))
  }
}
