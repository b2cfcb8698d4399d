import { verifyCertificate } from '@certwright/core/path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyChain, chainWithDecoy, decoyKinds, defectiveChain, validChain } from './arbitrary-chain.js'
import { type ChainModel, plainCa, plainEndEntity } from './chain-model.js'
import type { ChainQuestion } from './chain-question.js'
import { allDefects, defectNamed } from './defects/all-defects.js'
import type { GeneratedChain } from './generated-chain.js'

async function judge({ checkRevocation, ...question }: ChainQuestion): Promise<string> {
  const verdict = await verifyCertificate({ ...question, revocation: checkRevocation ? 'hard-fail' : 'none' })
  return verdict.ok ? 'valid' : (verdict.faults[0]?.fault ?? 'no fault')
}

/** Milliseconds: RSA keys are made the first time, and a machine may be busy. */
const patience = 120_000

const wanted = ({ expected }: GeneratedChain): string => (expected.valid ? 'valid' : expected.cause)

async function expectVerdicts(chains: fc.Arbitrary<GeneratedChain>, numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(chains, async (chain) => {
      expect(await judge(chain.question)).toBe(wanted(chain))
    }),
    { numRuns, seed: 8 },
  )
}

describe('a generated chain', () => {
  it('is accepted where it is valid', () => expectVerdicts(validChain(), 60), patience)

  it.each(allDefects.map(({ name, title }) => [name, title]))(
    'is refused for its cause: %s, %s',
    (name) => expectVerdicts(defectiveChain(name), 6),
    patience,
  )

  it.each(decoyKinds)(
    'is accepted beside a decoy: %s',
    (kind) => expectVerdicts(chainWithDecoy(kind), 6),
    patience,
  )

  it('is the same for the same seed, to the octet', () => {
    const [one, other] = [1, 2].map(() => fc.sample(anyChain(), { seed: 20, numRuns: 10 }))
    expect(one?.map(({ question }) => question)).toEqual(other?.map(({ question }) => question))
  })

  it('is shown as PEM when a property fails', () => {
    const [chain] = fc.sample(defectiveChain('expiredEndEntity'), { seed: 1, numRuns: 1 })
    expect(fc.stringify(chain)).toMatch(
      /^chain that is invalid: an end entity that expired a second ago \(RFC 5280 .*BEGIN CERTIFICATE/s,
    )
  })

  it('has a defect of the table, and no other name', () => {
    expect(() => defectiveChain('notThere')).toThrow(RangeError)
    expect(() => chainWithDecoy('expiredEndEntity')).toThrow(RangeError)
    expect(new Set(allDefects.map(({ name }) => name)).size).toBe(allDefects.length)
  })
})

/** How much there is of a chain. */
const weightOf = ({
  anchor,
  intermediates,
  endEntity,
  decoys,
  strangers,
  order,
  ...rest
}: ChainModel): number =>
  100 * (intermediates.length + decoys.length + strangers) +
  [anchor, ...intermediates].reduce((sum, ca) => sum + differences(ca, plainCa), 0) +
  differences(endEntity, plainEndEntity) +
  Number(order > 0) +
  Object.values(rest).filter((value) => value !== 'absent').length

const differences = (one: object, plain: object): number =>
  Object.entries(plain).filter(([key, value]) => Reflect.get(one, key) !== value).length

/** Every chain on the way to the smallest, that first. */
function shrink(chains: fc.Arbitrary<GeneratedChain>, seed: number): readonly GeneratedChain[] {
  const way: GeneratedChain[] = []
  const property = fc.property(chains, (chain) => {
    way.push(chain)
    return false
  })
  fc.check(property, { seed, numRuns: 1 })
  return way
}

/** One of each way of planting. */
const planted = [
  'pathLengthExceeded',
  'expiredCa',
  'trailingOctetsEndEntity',
  'anchorUnknown',
  'secondNameExcluded',
  'policyAbsentCa',
  'crlForCasOnly',
  'ocspUnknown',
]

describe('shrinking', () => {
  it.each(planted)('keeps the verdict and ends at the smallest chain with the defect: %s', (name) => {
    const { needs = {}, plant } = defectNamed(name)
    const lowest = plant.in === 'intermediate' ? (plant.lowest ?? 1) : 0
    for (const seed of [3, 4]) {
      const way = shrink(defectiveChain(name), seed)
      for (const { expected } of way) expect(expected).toMatchObject({ valid: false, defect: name })
      const weights = way.map(({ model }) => weightOf(model))
      expect(weights).toEqual([...weights].sort((a, b) => b - a))
      const { model } = way.at(-1) as GeneratedChain
      expect(model).toEqual({
        anchor: plainCa,
        intermediates: Array.from({ length: Math.max(needs.intermediates ?? 0, lowest) }, () => plainCa),
        endEntity: { ...plainEndEntity, name: needs.name ?? 'host', otherNames: needs.otherNames ?? 0 },
        policies: needs.policies ?? 'absent',
        decoys: [],
        strangers: 0,
        order: 0,
        revocation: needs.revocation ?? 'absent',
      })
    }
  })

  it.each(['deadEnd', 'nameNotPermitted'])(
    'keeps the way that is left beside one decoy: %s',
    async (kind) => {
      const way = shrink(chainWithDecoy(kind), 5)
      for (const chain of way) expect(await judge(chain.question)).toBe('valid')
      const { model } = way.at(-1) as GeneratedChain
      expect(model.intermediates).toEqual([plainCa])
      expect(model.decoys).toHaveLength(1)
    },
  )
})
