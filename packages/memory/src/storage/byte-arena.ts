/** Chunks of 64 KB are few enough for a million values, and a CA with one wastes little. */
const chunkSize = 1 << 16

/**
 * Byte strings, one behind the other in large chunks: a million short ones cost what they hold, where a million arrays
 * would cost two hundred octets each. What is kept never moves and never changes, so a view on it is as good as a copy.
 */
export class ByteArena {
  readonly #chunks: Uint8Array[] = []
  /** Where the next one goes. */
  #end = 0

  /**
   * @returns its address: addresses grow, and are consecutive inside a chunk
   * @throws {RangeError} 64 KB or more
   */
  append(bytes: Uint8Array): number {
    if (bytes.length >= chunkSize)
      throw new RangeError(`Cannot store record: ${bytes.length} octets in one value`)
    if ((this.#end % chunkSize) + bytes.length > chunkSize) this.#end = this.#chunks.length * chunkSize
    const address = this.#end
    const chunk = (this.#chunks[Math.floor(address / chunkSize)] ??= new Uint8Array(chunkSize))
    chunk.set(bytes, address % chunkSize)
    this.#end += bytes.length
    return address
  }

  /** A view. The octets must have been appended without a gap, as one or as several values. */
  view(address: number, length: number): Uint8Array {
    const chunk = this.#chunks[Math.floor(address / chunkSize)] ?? new Uint8Array()
    const start = address % chunkSize
    return chunk.subarray(start, start + length)
  }

  isSameChunk(a: number, b: number): boolean {
    return Math.floor(a / chunkSize) === Math.floor(b / chunkSize)
  }
}
