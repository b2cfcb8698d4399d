import * as fc from 'fast-check'
import type { MaybePromise } from '@certwright/core'
import type { ChainQuestion } from '../arbitraries/chains/chain-question.js'
import type { GeneratedChain } from '../arbitraries/chains/generated-chain.js'

/**
 * A validator as the laws ask it: whether the certificate is valid by all that the question says. What it throws counts as
 * a refusal: many say so that a certificate cannot be read.
 */
export type ChainValidator = (question: ChainQuestion) => MaybePromise<boolean>

export interface LawOptions {
  /** Chains that are generated. Default: 25. */
  readonly runs?: number
  /** The same chains for the same seed. Default: 1. */
  readonly seed?: number
  /** Look for the smallest chain that breaks the law. Default: true. */
  readonly shrink?: boolean
}

/** What every validator must do, as a sentence and as a check. */
export interface ValidatorLaw {
  /** What it is about: `a chain that is not valid`. */
  readonly group: string
  /** A sentence with the validator as its subject: `refuses an end entity that expired a second ago`. */
  readonly name: string
  /** Rejects where the law does not hold, with the smallest chain that was found as PEM. */
  run(options?: LawOptions): Promise<void>
}

/** The law that each of some chains must keep. */
export const chainLaw = (
  group: string,
  name: string,
  chains: fc.Arbitrary<GeneratedChain>,
  keeps: (chain: GeneratedChain) => Promise<boolean>,
): ValidatorLaw => ({
  group,
  name,
  async run({ runs = 25, seed = 1, shrink = true } = {}) {
    const property = fc.asyncProperty(chains, keeps)
    const parameters = { numRuns: runs, seed, endOnFailure: !shrink }
    const outcome = await fc.check(property, parameters)
    if (!outcome.failed) return
    const [chain] = outcome.counterexample ?? []
    const shown = chain === undefined ? '' : `\n${fc.stringify(chain)}`
    throw new Error(
      `Law broken: the validator ${name}; not with this, after ${outcome.numRuns} runs with seed ${seed}${shown}`,
      { cause: outcome.errorInstance },
    )
  },
})

/** Whether a validator takes a chain; what it throws is a refusal. */
export async function accepts(validate: ChainValidator, question: ChainQuestion): Promise<boolean> {
  try {
    return await validate(question)
  } catch {
    return false
  }
}
