const chunkBits = 12
/** Rows of one chunk: all columns of a CA with one revocation take 100 KB. */
const chunkRows = 1 << chunkBits

/**
 * One number for each row, in chunks of fixed size: an array that is doubled leaves its old half to the garbage
 * collector, which lets a process grow by as much again.
 */
export class Column {
  readonly #chunks: (Uint32Array | Uint16Array | Uint8Array)[] = []
  readonly #kind: typeof Uint32Array | typeof Uint16Array | typeof Uint8Array

  constructor(kind: typeof Uint32Array | typeof Uint16Array | typeof Uint8Array) {
    this.#kind = kind
  }

  /** @param row has been set */
  get(row: number): number {
    return this.#chunks[row >>> chunkBits]?.[row & (chunkRows - 1)] as number
  }

  /** @param row at most one beyond those that have been set */
  set(row: number, value: number): void {
    const chunk = (this.#chunks[row >>> chunkBits] ??= new this.#kind(chunkRows))
    chunk[row & (chunkRows - 1)] = value
  }
}
