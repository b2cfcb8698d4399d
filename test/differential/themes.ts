import {
  allDefects,
  type ChainLimits,
  chainWithDecoy,
  decoyKinds,
  defectiveChain,
  defectsWithin,
  type GeneratedChain,
  validChain,
} from '@certwright/testing/arbitraries'
import type * as fc from 'fast-check'
import type { Judge } from './judges/judge.js'

/** One kind of chain that judges are asked about. */
export interface Theme {
  /** `valid`, `beside expiredCa`, `expiredCa`: stable, for programs. */
  readonly name: string
  /** What the chain is, in words. */
  readonly title: string
  /** What says that the verdict is right. */
  readonly clause: string
  readonly expected: 'valid' | 'invalid'
  readonly chains: fc.Arbitrary<GeneratedChain>
}

const titles = new Map(allDefects.map(({ name, title }) => [name, title]))

/** The chains that a judge claims to judge. */
export function themesFor({ limits, checksIdentity }: Judge): readonly Theme[] {
  return [
    {
      name: 'valid',
      title: 'a valid chain with nothing beside it',
      clause: 'RFC 5280 §6.1',
      expected: 'valid',
      chains: validChain(limits),
    },
    ...decoyKinds
      .filter((kind) => kind === 'deadEnd' || isKnown(kind, limits))
      .map((kind) => beside(kind, limits)),
    ...defectsWithin(limits)
      .filter(({ cause }) => checksIdentity || cause !== 'identity_mismatch')
      .map(
        ({ name, title, clause }): Theme => ({
          name,
          title,
          clause,
          expected: 'invalid',
          chains: defectiveChain(name, limits),
        }),
      ),
  ]
}

const isKnown = (kind: string, limits: ChainLimits): boolean =>
  defectsWithin(limits).some(({ name }) => name === kind)

const beside = (kind: string, limits: ChainLimits): Theme => ({
  name: `beside ${kind}`,
  title:
    kind === 'deadEnd'
      ? 'a valid chain beside a cross-certificate that ends nowhere'
      : `a valid chain beside a twin of a CA: ${titles.get(kind)}`,
  clause: 'RFC 4158 §2.4',
  expected: 'valid',
  chains: chainWithDecoy(kind, limits),
})
