import type { Random } from '@certwright/core'
import { seededStream } from '../forge/keys/seeded-octets.js'

/** Serial numbers, ids and API keys of a seed, in the order in which they are drawn. For tests: who knows the seed has them. */
export function seededRandom(seed: string): Random {
  const next = seededStream(`certwright/testing/random/1/${seed}`)
  return { bytes: (length) => next(length) }
}
