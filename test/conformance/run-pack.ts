import type { CaseWorker } from './case-worker.js'
import type { Judge, Outcome } from './judge.js'
import type { Case, Pack } from './pack.js'

export interface Divergence {
  readonly id: string
  readonly expected: string
  readonly got: string
  /** For people, not compared. */
  readonly detail?: string | undefined
}

export interface PackRun {
  readonly name: string
  readonly cases: number
  /** Either answer agrees where the pack has no verdict. */
  readonly agree: number
  readonly falseAccepts: number
  readonly falseRejects: number
  readonly hangs: number
  readonly skipped: readonly { readonly reason: string; readonly cases: number }[]
  /** Parameters that no judge honours: the answers may be to another question. */
  readonly unknownParams: readonly { readonly name: string; readonly cases: number }[]
  readonly cpuSeconds: number
  readonly divergences: readonly Divergence[]
  /** Id → what was expected, and got. */
  readonly agreed: ReadonlyMap<string, string>
  /** Mean of (accepted | expected so) and (rejected | expected so); `undefined` where one of the two has no case. */
  readonly balancedAccuracy: number | undefined
  /** Of the cases without a verdict, which side we took. */
  readonly withoutVerdict: { readonly accepted: number; readonly rejected: number }
}

/** Words for "no verdict": implementations or specifications disagree, and either answer passes. */
const noVerdict: ReadonlySet<string> = new Set(['disputed', 'acceptable', 'any'])

/** Run the cases of a pack one after another. A crash or a hang is a divergence like others, and the run goes on. */
export async function runPack(
  pack: Pack,
  judges: ReadonlyMap<string, Judge>,
  worker: CaseWorker,
): Promise<PackRun> {
  const tally = new Tally()
  const cpuBefore = worker.cpuSeconds
  for (const subject of pack.cases) {
    const judge = judges.get(subject.kind)
    if (judge === undefined) tally.skip(`kind ${subject.kind} is not yet supported`)
    else if (subject.expected.result === '') tally.skip('the case does not say what is expected')
    else {
      tally.noteUnknown(Object.keys(subject.params).filter((name) => !judge.params.includes(name)))
      tally.count(subject, await worker.judge(subject, judge.limit), judge)
    }
  }
  return tally.report(pack, worker.cpuSeconds - cpuBefore)
}

class Tally {
  readonly #agreed = new Map<string, string>()
  readonly #divergences: Divergence[] = []
  readonly #skipped = new Map<string, number>()
  readonly #unknownParams = new Map<string, number>()
  readonly #expected = { accepted: 0, rejected: 0 }
  readonly #right = { accepted: 0, rejected: 0 }
  readonly #withoutVerdict = { accepted: 0, rejected: 0 }
  #falseAccepts = 0
  #falseRejects = 0
  #hangs = 0

  skip(reason: string): void {
    this.#skipped.set(reason, (this.#skipped.get(reason) ?? 0) + 1)
  }

  noteUnknown(params: readonly string[]): void {
    for (const name of params) this.#unknownParams.set(name, (this.#unknownParams.get(name) ?? 0) + 1)
  }

  count(subject: Case, outcome: Outcome, judge: Judge): void {
    if (outcome.type === 'skip') {
      this.skip(outcome.reason)
      return
    }
    const { result } = subject.expected
    const expected = judge.synonyms?.[result] ?? result
    const got = gotOf(outcome)
    const side = got === judge.accepts ? 'accepted' : 'rejected'
    const isAnswer = outcome.type === 'answer' && !got.includes('misread')
    const agrees = isAnswer && (noVerdict.has(expected) || (got.split(':')[0] ?? '') === expected)
    if (noVerdict.has(expected)) {
      if (isAnswer) this.#withoutVerdict[side]++
    } else {
      const wanted = expected === judge.accepts ? 'accepted' : 'rejected'
      this.#expected[wanted]++
      if (agrees) this.#right[wanted]++
      else if (isAnswer && side === 'accepted') this.#falseAccepts++
      else if (isAnswer && wanted === 'accepted') this.#falseRejects++
    }
    if (outcome.type === 'hang') this.#hangs++
    if (agrees) this.#agreed.set(subject.id, expected)
    else this.#divergences.push({ id: subject.id, expected, got, detail: detailOf(outcome) })
  }

  report({ name, cases }: Pack, cpuSeconds: number): PackRun {
    const { accepted, rejected } = this.#expected
    return {
      name,
      cases: cases.length,
      agree: this.#agreed.size,
      falseAccepts: this.#falseAccepts,
      falseRejects: this.#falseRejects,
      hangs: this.#hangs,
      skipped: [...this.#skipped].map(([reason, count]) => ({ reason, cases: count })),
      unknownParams: [...this.#unknownParams].map(([param, count]) => ({ name: param, cases: count })),
      cpuSeconds: Math.round(cpuSeconds * 100) / 100,
      divergences: this.#divergences,
      agreed: this.#agreed,
      balancedAccuracy:
        accepted === 0 || rejected === 0
          ? undefined
          : (this.#right.accepted / accepted + this.#right.rejected / rejected) / 2,
      withoutVerdict: this.#withoutVerdict,
    }
  }
}

function gotOf(outcome: Exclude<Outcome, { type: 'skip' }>): string {
  switch (outcome.type) {
    case 'answer':
      return outcome.result
    case 'crash':
      return outcome.error
    case 'hang':
      return 'hang'
  }
}

const detailOf = (outcome: Outcome): string | undefined =>
  outcome.type === 'answer' ? outcome.detail : undefined
