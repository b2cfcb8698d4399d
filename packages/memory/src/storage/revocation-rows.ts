import type { CrlReason, Revocation, SerialNumber } from '@certwright/core'
import { ByteArena } from './byte-arena.js'
import { packSerial, sameSerial, serialHash, unpackSerial } from './packed-serial.js'

/*
 * Rows in columns. As objects, a million revocations with their dates and bytes take 600 MB; in columns they take 100,
 * half of which is the content of the CRL itself.
 */

type Row = Omit<Revocation, 'caId'>

/** Small enough for a test's CA, and doubled as often as needed. */
const firstCapacity = 64

export class RevocationRows {
  readonly #serials = new ByteArena()
  readonly #entries = new ByteArena()
  readonly #reasons: CrlReason[] = []
  #capacity = firstCapacity
  #serialAt = new Float64Array(firstCapacity)
  #entryAt = new Float64Array(firstCapacity)
  #entryLength = new Uint32Array(firstCapacity)
  #revokedAt = new Float64Array(firstCapacity)
  #notAfter = new Float64Array(firstCapacity)
  /** The row that a later entry of the same serial number has, or 0: no row replaces the first. */
  #replacedBy = new Uint32Array(firstCapacity)
  /** By hash of the serial number: the row + 1 of its first entry, or 0. Twice as many places as rows at least. */
  #index = new Uint32Array(firstCapacity * 2)

  append(row: Row): void {
    const at = this.#reasons.length
    if (at === this.#capacity) this.#grow()
    const serial = packSerial(row.serialNumber)
    const place = this.#placeOf(serial)
    const first = (this.#index[place] as number) - 1
    if (first < 0) this.#index[place] = at + 1
    else this.#replacedBy[this.#lastFrom(first, at)] = at
    this.#serialAt[at] = this.#serials.append(serial)
    this.#entryAt[at] = this.#entries.append(row.entryDer)
    this.#entryLength[at] = row.entryDer.length
    this.#revokedAt[at] = seconds(row.revokedAt)
    this.#notAfter[at] = seconds(row.notAfter)
    this.#replacedBy[at] = 0
    this.#reasons.push(row.reason)
  }

  /** Forget the rows from `count` on, which a transaction has added that was rolled back. */
  truncate(count: number): void {
    if (this.#reasons.length === count) return
    this.#reasons.length = count
    for (let row = 0; row < count; row++) {
      if ((this.#replacedBy[row] as number) >= count) this.#replacedBy[row] = 0
    }
    this.#rebuildIndex()
  }

  /** The last row of a serial number among the first `count`. */
  lastOf(serialNumber: SerialNumber, count: number): number | undefined {
    const first = (this.#index[this.#placeOf(packSerial(serialNumber))] as number) - 1
    return first < 0 || first >= count ? undefined : this.#lastFrom(first, count)
  }

  isLast(row: number, count: number): boolean {
    const later = this.#replacedBy[row] as number
    return later === 0 || later >= count
  }

  reason(row: number): CrlReason {
    return this.#reasons[row] as CrlReason
  }

  read(row: number): Row {
    return {
      serialNumber: unpackSerial(this.#serial(row)),
      revokedAt: new Date(this.#revokedAt[row] as number),
      reason: this.reason(row),
      notAfter: new Date(this.#notAfter[row] as number),
      entryDer: this.#entries.view(this.#entryAt[row] as number, this.#entryLength[row] as number).slice(),
    }
  }

  slabs(count: number): readonly Uint8Array[] {
    const slabs: Uint8Array[] = []
    let start = 0
    let end = 0
    for (let row = 0; row < count; row++) {
      if (!this.isLast(row, count)) continue
      const at = this.#entryAt[row] as number
      if (at !== end || !this.#entries.isSameChunk(start, at)) {
        if (end > start) slabs.push(this.#entries.view(start, end - start))
        start = at
      }
      end = at + (this.#entryLength[row] as number)
    }
    if (end > start) slabs.push(this.#entries.view(start, end - start))
    return slabs
  }

  #lastFrom(first: number, count: number): number {
    let row = first
    while (!this.isLast(row, count)) row = this.#replacedBy[row] as number
    return row
  }

  /** Its length stands in front of it. */
  #serial(row: number): Uint8Array {
    const at = this.#serialAt[row] as number
    const [length = 0] = this.#serials.view(at, 1)
    return this.#serials.view(at, length + 1)
  }

  /** Where the index has this serial number, or the free place where it would have it. */
  #placeOf(serial: Uint8Array): number {
    const places = this.#index.length
    let place = serialHash(serial) % places
    for (;;) {
      const row = (this.#index[place] as number) - 1
      if (row < 0 || sameSerial(this.#serial(row), serial)) return place
      place = (place + 1) % places
    }
  }

  #grow(): void {
    this.#capacity *= 2
    this.#serialAt = grown(this.#serialAt, new Float64Array(this.#capacity))
    this.#entryAt = grown(this.#entryAt, new Float64Array(this.#capacity))
    this.#entryLength = grown(this.#entryLength, new Uint32Array(this.#capacity))
    this.#revokedAt = grown(this.#revokedAt, new Float64Array(this.#capacity))
    this.#notAfter = grown(this.#notAfter, new Float64Array(this.#capacity))
    this.#replacedBy = grown(this.#replacedBy, new Uint32Array(this.#capacity))
    this.#rebuildIndex()
  }

  #rebuildIndex(): void {
    this.#index = new Uint32Array(this.#capacity * 2)
    for (let row = 0; row < this.#reasons.length; row++) {
      const place = this.#placeOf(this.#serial(row))
      if (this.#index[place] === 0) this.#index[place] = row + 1
    }
  }
}

function grown<T extends Float64Array | Uint32Array>(old: T, larger: T): T {
  larger.set(old)
  return larger
}

/** @throws {RangeError} as `copyRecord`: a time is not in whole seconds */
function seconds(time: Date): number {
  const milliseconds = time.getTime()
  if (milliseconds % 1000 === 0) return milliseconds
  throw new RangeError('Cannot copy record: a revocation has a time that is not in whole seconds')
}
