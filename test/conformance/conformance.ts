import { CaseWorker } from './case-worker.js'
import { checkExceptions, type Exceptions, type Surprises, surprisesOf } from './exceptions.js'
import type { Judge } from './judge.js'
import { type Pack, packNames, readPack } from './pack.js'
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
  /** Why the pack was not run, where that is a fault: it is misspelt, or cannot be read. */
  readonly fault: string | undefined
}

/**
 * Run packs. That the whole folder is absent is no fault: its packs are reported as skipped. A pack that cannot be read
 * does not keep the others from being run.
 */
export async function runConformance(options: ConformanceOptions): Promise<readonly PackReport[]> {
  const { folder, exceptions } = options
  checkExceptions(exceptions)
  const present = packNames(folder)
  const wanted = options.names.length > 0 ? options.names : (present ?? Object.keys(exceptions))
  const worker = new CaseWorker(options.worker)
  const reports: PackReport[] = []
  try {
    for (const name of wanted) {
      const { run, fault } = await runNamed(name, present, { ...options, worker })
      reports.push({ ...run, fault, surprises: surprisesOf(run, exceptions) })
    }
  } finally {
    worker.stop()
  }
  return reports
}

async function runNamed(
  name: string,
  present: readonly string[] | undefined,
  options: Pick<ConformanceOptions, 'folder' | 'judges'> & { readonly worker: CaseWorker },
): Promise<Pick<PackReport, 'fault'> & { readonly run: PackRun }> {
  if (present === undefined) return { run: skippedPack(name, 'vectors not present'), fault: undefined }
  if (!present.includes(name)) return faulty(name, 'no such pack')
  let pack: Pack
  try {
    pack = readPack(options.folder, name)
  } catch (error) {
    return faulty(name, `cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
  return { run: await runPack(pack, options.judges, options.worker), fault: undefined }
}

const faulty = (name: string, fault: string) => ({ run: skippedPack(name, fault), fault })

/** Whether every pack was run that is there, and all answers are those that the packs or the exceptions tell. */
export const isAsExpected = (reports: readonly PackReport[]): boolean =>
  reports.every(
    ({ surprises, fault }) =>
      fault === undefined && surprises.unlisted.length === 0 && surprises.unexpectedSuccesses.length === 0,
  )

const skippedPack = (name: string, reason: string): PackRun => ({
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
