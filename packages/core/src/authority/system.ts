import type { Clock } from '../ports/clock.js'
import type { Random } from '../ports/random.js'

/*
 * The platform's clock and generator: the only place in core where time and randomness come from nowhere.
 */

export const systemClock: Clock = { now: () => new Date() }

/** Octets that are drawn together: a call of the platform takes as long for 16 of them as for all. */
const poolLength = 4096

/** Each octet is given out once, and wiped from the pool as it is. */
function pooledRandom(): Random {
  let pool = new Uint8Array(0)
  let used = 0
  return {
    bytes(length) {
      if (length > poolLength) return globalThis.crypto.getRandomValues(new Uint8Array(length))
      if (used + length > pool.length) {
        pool = globalThis.crypto.getRandomValues(new Uint8Array(poolLength))
        used = 0
      }
      const octets = pool.slice(used, used + length)
      pool.fill(0, used, used + length)
      used += length
      return octets
    },
  }
}

export const systemRandom: Random = pooledRandom()
