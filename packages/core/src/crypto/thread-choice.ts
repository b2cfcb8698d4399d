/**
 * Where an operation of tens of microseconds runs. Alone it is done soonest at once, on the calling thread: a trip to the
 * thread pool takes as long as the operation itself. Where others are asked for as well, the pool has a core for each.
 */
export class ThreadChoice {
  #underWay = 0

  /** @param here at once; @param elsewhere in the pool */
  async run<T>(here: () => T, elsewhere: () => Promise<T>): Promise<T> {
    this.#underWay++
    try {
      // Callers that move in step, such as those of `issueMany`, have all come by the time this goes on.
      await Promise.resolve()
      return this.#underWay === 1 ? here() : await elsewhere()
    } finally {
      this.#underWay--
    }
  }
}
