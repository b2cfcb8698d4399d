import { verifyCertificate } from '@certwright/core/path'
import { anyChain, type GeneratedChain, validChain } from '@certwright/testing/arbitraries'
import * as fc from 'fast-check'
import type { Contender } from '../measure.js'

/*
 * What a property over chains costs: to generate them, and to generate them and judge each. Chains of a new seed each
 * round, since certificates that were made before are not in any memory.
 */

let seed = 0
const sample = (chains: fc.Arbitrary<GeneratedChain>, count: number): readonly GeneratedChain[] =>
  fc.sample(chains, { numRuns: count, seed: ++seed })

async function judge(chains: fc.Arbitrary<GeneratedChain>, count: number): Promise<void> {
  const property = fc.asyncProperty(
    chains,
    async ({ question: { checkRevocation, ...question }, expected }) => {
      const verdict = await verifyCertificate({
        ...question,
        revocation: checkRevocation ? 'hard-fail' : 'none',
      })
      return verdict.ok === expected.valid
    },
  )
  await fc.assert(property, { numRuns: count, seed: ++seed })
}

const plain = validChain({ keys: ['ECDSA-P256'], revocation: false })

export const generatedChains: readonly Contender[] = [
  { name: 'generated chains, any', run: (count) => void sample(anyChain(), count) },
  { name: 'generated chains, valid, P-256', run: (count) => void sample(plain, count) },
  { name: 'validations in a property, any', run: (count) => judge(anyChain(), count) },
  { name: 'validations in a property, valid, P-256', run: (count) => judge(plain, count) },
]
