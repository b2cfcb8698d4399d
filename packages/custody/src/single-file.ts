import { PkiError } from '@certwright/core'

/** At half a second each, who stands last waits about half a minute: longer than a client does. */
const maximumWaiting = 64

/**
 * Runs costly work one at a time. scrypt takes 128 MiB and the one thread that there is, so a second run beside the
 * first would double the memory and finish nothing earlier; and a guesser makes a queue, not a heap that overflows.
 */
export class SingleFile {
  #lastEnded: Promise<unknown> = Promise.resolve()
  #waiting = 0

  /** @throws {PkiError} `custody_unavailable`: too many are waiting */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= maximumWaiting) {
      throw new PkiError(
        'custody_unavailable',
        `Cannot use passphrase: ${maximumWaiting} others are being checked, try again later`,
        { retryable: true },
      )
    }
    this.#waiting += 1
    const ended = this.#lastEnded.then(work).finally(() => {
      this.#waiting -= 1
    })
    this.#lastEnded = ended.catch(() => undefined)
    return ended
  }
}
