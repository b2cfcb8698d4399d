import { CaseWorker } from './case-worker.js'
import { checkExceptions, type Exceptions, type Surprises, surprisesOf } from './exceptions.js'
import type { Judge } from './judge.js'
import { packNames, readPack } from './pack.js'
import { type PackRun, runPack } from './run-pack.js'

export interface ConformanceOptions {
  /** The folder that the packs lie in. */
  readonly folder: string
  /** Which of them; none for all. */
  readonly names: readonly string[]
  readonly exceptions: Exceptions
  readonly judges: ReadonlyMap<string, Judge>
  /** Path of the worker's script. */
  readonly worker: string
}

export interface PackReport extends PackRun {
  readonly surprises: Surprises
}

/** Run packs. One that is not there is reported with its reason and is no fault. */
export async function runConformance(options: ConformanceOptions): Promise<readonly PackReport[]> {
  const { folder, exceptions, judges } = options
  checkExceptions(exceptions)
  const present = packNames(folder)
  const wanted = options.names.length > 0 ? options.names : (present ?? Object.keys(exceptions))
  const worker = new CaseWorker(options.worker)
  const reports: PackReport[] = []
  try {
    for (const name of wanted) {
      const run = present?.includes(name)
        ? await runPack(readPack(folder, name), judges, worker)
        : absentPack(name, present ? 'no such pack' : 'vectors not present')
      reports.push({ ...run, surprises: surprisesOf(run, exceptions) })
    }
  } finally {
    worker.stop()
  }
  return reports
}

/** Whether all answers are those that the packs or the exceptions tell. */
export const isAsExpected = (reports: readonly PackReport[]): boolean =>
  reports.every(
    ({ surprises }) => surprises.unlisted.length === 0 && surprises.unexpectedSuccesses.length === 0,
  )

const absentPack = (name: string, reason: string): PackRun => ({
  name,
  cases: 0,
  agree: 0,
  falseAccepts: 0,
  falseRejects: 0,
  hangs: 0,
  skipped: [{ reason, cases: 0 }],
  unknownParams: [],
  cpuSeconds: 0,
  divergences: [],
  agreed: new Map(),
  balancedAccuracy: undefined,
  withoutVerdict: { accepted: 0, rejected: 0 },
})
