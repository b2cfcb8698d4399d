import * as fc from 'fast-check'
import type { GeneratedChain } from '@certwright/testing/arbitraries'
import { featuresOf } from './features.js'
import type { Judge } from './judges/judge.js'
import { type Theme, themesFor } from './themes.js'

/** A kind of chain that a judge sees wrong, with the smallest one that was found. */
export interface Disagreement {
  readonly judge: string
  readonly version: string
  /** The theme, and of a valid chain what is special about it: stable, for programs. */
  readonly cause: string
  readonly title: string
  readonly clause: string
  readonly expected: 'valid' | 'invalid'
  /** Chains of this kind that were judged until one was seen wrong. */
  readonly runs: number
  readonly chain: GeneratedChain
}

export interface JudgeReport {
  readonly judge: string
  readonly version: string
  /** Chains that it was asked about; those on the way to smaller ones aside. */
  readonly judged: number
  readonly disagreements: readonly Disagreement[]
}

export interface SearchOptions {
  /** Chains for each kind of chain. */
  readonly runsPerTheme: number
  readonly seed: number
  /** Only these kinds. */
  readonly themes?: readonly string[]
  readonly progress?: (text: string) => void
}

/** Causes of one theme that are looked for, each without the ones before. */
const maximumCauses = 8

export async function findDisagreements(judge: Judge, options: SearchOptions): Promise<JudgeReport> {
  const search = new DisagreementSearch(judge, options)
  return search.run()
}

class DisagreementSearch {
  readonly #judge: Judge
  readonly #options: SearchOptions
  readonly #found: Disagreement[] = []
  /** Features for which valid chains are refused: no other theme is blamed for them. */
  readonly #refusedFeatures = new Set<string>()
  #judged = 0

  constructor(judge: Judge, options: SearchOptions) {
    this.#judge = judge
    this.#options = options
  }

  async run(): Promise<JudgeReport> {
    const { themes: wanted, progress } = this.#options
    const themes = themesFor(this.#judge).filter(({ name }) => wanted?.includes(name) ?? true)
    const { name: judge, version } = this.#judge
    for (const [i, theme] of themes.entries()) {
      if (i % 20 === 0) progress?.(`${judge}: ${i} of ${themes.length} kinds of chains`)
      const causes = theme.name === 'valid' ? maximumCauses : 1
      for (let cause = 0; cause < causes; cause++) if (!(await this.#searchTheme(theme))) break
    }
    return { judge, version, judged: this.#judged, disagreements: this.#found }
  }

  /** @returns whether something was found */
  async #searchTheme(theme: Theme): Promise<boolean> {
    const { runsPerTheme: numRuns, seed } = this.#options
    const property = fc.asyncProperty(theme.chains, async (chain) => {
      fc.pre(this.#isToBeJudged(chain))
      const verdict = await this.#ask(chain)
      return verdict === undefined || verdict === chain.expected.valid
    })
    const outcome = await fc.check(property, { numRuns, seed, maxSkipsPerRun: 20 })
    this.#judged += outcome.numRuns
    const [chain] = outcome.counterexample ?? []
    if (chain === undefined) return false
    this.#found.push(this.#describe(theme, chain, outcome.numRuns))
    return true
  }

  #isToBeJudged(chain: GeneratedChain): boolean {
    if (this.#judge.canJudge?.(chain) === false) return false
    return !featuresOf(chain.model).some(({ name }) => this.#refusedFeatures.has(name))
  }

  async #ask(chain: GeneratedChain): Promise<boolean | undefined> {
    try {
      return await this.#judge.judge(chain)
    } catch {
      return false
    }
  }

  #describe(theme: Theme, chain: GeneratedChain, runs: number): Disagreement {
    const { name: judge, version, limits } = this.#judge
    const { expected } = theme
    const told = { judge, version, expected, runs, chain }
    if (theme.name !== 'valid')
      return { ...told, cause: theme.name, title: theme.title, clause: theme.clause }
    // Where there is one kind of key only, it says nothing.
    const special = featuresOf(chain.model).filter(({ isKey }) => isKey !== true || limits.keys?.length !== 1)
    for (const { name } of special) this.#refusedFeatures.add(name)
    return {
      ...told,
      cause: ['valid', ...special.map(({ name }) => name)].join(' '),
      title: ['a valid chain', ...special.map(({ title }) => title)].join(' '),
      clause: special.map(({ clause }) => clause).join('; ') || theme.clause,
    }
  }
}
