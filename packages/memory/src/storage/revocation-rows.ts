import {
  type CrlPart,
  type CrlReason,
  crlReasonNumbers,
  type Revocation,
  type SerialNumber,
} from '@certwright/core'
import { ByteArena } from './byte-arena.js'
import { Column } from './column.js'
import { packSerial, sameSerial, serialHash, unpackSerial } from './packed-serial.js'
import { TimeColumn } from './time-column.js'

/*
 * Rows in columns. As objects, a million revocations with their dates and bytes take 600 MB; in columns they take 105,
 * half of which is the content of the CRL itself. Addresses of 32 bits end at 80 million of one CA.
 */

type Row = Omit<Revocation, 'caId'>

const reasons: CrlReason[] = []
for (const [reason, number] of Object.entries(crlReasonNumbers)) reasons[number] = reason as CrlReason

/** Small enough for a test's CA, and doubled as often as needed. */
const firstPlaces = 128

export class RevocationRows {
  readonly #serials = new ByteArena()
  readonly #entries = new ByteArena()
  readonly #serialAt = new Column(Uint32Array)
  readonly #entryAt = new Column(Uint32Array)
  readonly #entryLength = new Column(Uint16Array)
  readonly #revokedAt = new TimeColumn()
  readonly #notAfter = new TimeColumn()
  /** By the numbers of the standard. */
  readonly #reason = new Column(Uint8Array)
  /** The row that a later entry of the same serial number has, or 0: no row replaces the first. */
  readonly #replacedBy = new Column(Uint32Array)
  #count = 0
  /** By hash of the serial number: the row + 1 of its first entry, or 0. Twice as many places as rows at least. */
  #index = new Uint32Array(firstPlaces)

  append(row: Row): void {
    const at = this.#count
    // First, because they may refuse: then nothing of the row is seen.
    this.#revokedAt.set(at, row.revokedAt)
    this.#notAfter.set(at, row.notAfter)
    if (at * 2 >= this.#index.length) this.#rebuildIndex(this.#index.length * 2)
    const serial = packSerial(row.serialNumber)
    const place = this.#placeOf(serial)
    const first = (this.#index[place] as number) - 1
    if (first < 0) this.#index[place] = at + 1
    else this.#replacedBy.set(this.#lastFrom(first, at), at)
    this.#serialAt.set(at, this.#serials.append(serial))
    this.#entryAt.set(at, this.#entries.append(row.entryDer))
    this.#entryLength.set(at, row.entryDer.length)
    this.#replacedBy.set(at, 0)
    this.#reason.set(at, crlReasonNumbers[row.reason])
    this.#count++
  }

  /** Forget the rows from `count` on, which a transaction has added that was rolled back. */
  truncate(count: number): void {
    if (this.#count === count) return
    this.#count = count
    for (let row = 0; row < count; row++) {
      if (this.#replacedBy.get(row) >= count) this.#replacedBy.set(row, 0)
    }
    this.#rebuildIndex(this.#index.length)
  }

  /** The last row of a serial number among the first `count`. */
  lastOf(serialNumber: SerialNumber, count: number): number | undefined {
    const first = (this.#index[this.#placeOf(packSerial(serialNumber))] as number) - 1
    return first < 0 || first >= count ? undefined : this.#lastFrom(first, count)
  }

  isLast(row: number, count: number): boolean {
    const later = this.#replacedBy.get(row)
    return later === 0 || later >= count
  }

  reason(row: number): CrlReason {
    return reasons[this.#reason.get(row)] as CrlReason
  }

  read(row: number): Row {
    return {
      serialNumber: unpackSerial(this.#serial(row)),
      revokedAt: this.#revokedAt.get(row),
      reason: this.reason(row),
      notAfter: this.#notAfter.get(row),
      entryDer: this.#entries.view(this.#entryAt.get(row), this.#entryLength.get(row)).slice(),
    }
  }

  /** Of one serial number, in their order. */
  *rowsOf(serialNumber: SerialNumber, count: number): Generator<number, void, undefined> {
    const first = (this.#index[this.#placeOf(packSerial(serialNumber))] as number) - 1
    if (first < 0 || first >= count) return
    yield first
    for (let row = first; !this.isLast(row, count); ) yield (row = this.#replacedBy.get(row))
  }

  slabs(count: number, { since, partition }: CrlPart): readonly Uint8Array[] {
    // Behind the beginning of the log is not the whole list: an ended hold is an entry there, too.
    const removal = since === undefined ? crlReasonNumbers.removeFromCRL : undefined
    const slabs: Uint8Array[] = []
    let start = 0
    let end = 0
    for (let row = since ?? 0; row < count; row++) {
      if (!this.isLast(row, count) || this.#reason.get(row) === removal) continue
      if (partition !== undefined && this.#lastOctet(row) % partition.count !== partition.index) continue
      const at = this.#entryAt.get(row)
      if (at !== end || !this.#entries.isSameChunk(start, at)) {
        if (end > start) slabs.push(this.#entries.view(start, end - start))
        start = at
      }
      end = at + this.#entryLength.get(row)
    }
    if (end > start) slabs.push(this.#entries.view(start, end - start))
    return slabs
  }

  #lastFrom(first: number, count: number): number {
    let row = first
    while (!this.isLast(row, count)) row = this.#replacedBy.get(row)
    return row
  }

  #lastOctet(row: number): number {
    return this.#serial(row).at(-1) ?? 0
  }

  /** Its length stands in front of it. */
  #serial(row: number): Uint8Array {
    const at = this.#serialAt.get(row)
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

  #rebuildIndex(places: number): void {
    this.#index = new Uint32Array(places)
    for (let row = 0; row < this.#count; row++) {
      const place = this.#placeOf(this.#serial(row))
      if (this.#index[place] === 0) this.#index[place] = row + 1
    }
  }
}
