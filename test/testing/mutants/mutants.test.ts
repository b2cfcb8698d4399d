import { checkOcspResponse, verifyCertificate } from '@certwright/core/path'
import { ocspLaws, type ValidatorLaw, validatorLaws } from '@certwright/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { mutants } from './mutants.js'
import { mutateValidator, type Validator } from './mutate-validator.js'

/*
 * The proof that the laws find bugs: each of many bugs of real validators, planted in ours, breaks one of them, and
 * ours breaks none with the same chains.
 */

/** Questions within which a mutant has to be found. */
const maximumRuns = 2000

interface Finding {
  readonly law: string
  /** Questions that were asked until then, that of this law among them. */
  readonly runs: number
}

/** The laws in turn, a chain each, until one is broken. */
async function firstBroken(validator: Validator, rounds: number): Promise<Finding | undefined> {
  let runs = 0
  const laws = lawsOf(validator, () => runs++)
  for (let round = 1; round <= rounds; round++) {
    for (const law of laws) {
      if (runs >= maximumRuns) return undefined
      const isKept = await law.run({ runs: 1, seed: round, shrink: false }).then(
        () => true,
        () => false,
      )
      if (!isKept) return { law: law.name, runs }
    }
  }
  return undefined
}

const lawsOf = (
  { verifyCertificate: verify, checkOcspResponse: check }: Validator,
  count: () => void,
): readonly ValidatorLaw[] => [
  ...validatorLaws(async ({ checkRevocation, ...question }) => {
    count()
    return (await verify({ ...question, revocation: checkRevocation ? 'hard-fail' : 'none' })).ok
  }),
  ...ocspLaws(async (question) => {
    count()
    return (await check(question)).kind
  }),
]

const found: string[] = []
afterAll(() => console.log(['runs  bug, and the law that finds it', ...found].join('\n')))

describe('the laws for validators', () => {
  it('are all kept by ours', async () => {
    const broken = await firstBroken({ verifyCertificate, checkOcspResponse }, 3)
    expect(broken).toBeUndefined()
  }, 120_000)

  it.each(mutants)(
    'find that it $bug',
    async (mutant) => {
      const finding = await firstBroken(await mutateValidator(mutant), Infinity)
      expect(finding).toBeDefined()
      found.push(`${String(finding?.runs).padStart(4)}  ${mutant.bug}: ${finding?.law}`)
    },
    120_000,
  )
})
