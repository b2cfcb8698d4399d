import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import type { FuzzReport } from './fuzz-target.js'
import { targets } from './targets.js'
import { sharedHeader, sharedLength, type WorkerData } from './worker-data.js'

/*
 * npm run fuzz -- [--seconds N] [--seed S] [PARSER…]
 *
 * N seconds for each parser. Fails for an error that is no PkiError, for an input that takes longer than a second, and
 * for a heap that grows. The seed is printed; with it the mutations are the same, of artefacts whose keys are new in each run.
 */

/** Milliseconds: no input here has more than 64 KB, and FORMAT.md gives a fuzz case as long. */
const hangLimit = 1000

/** Megabytes. Caches are bounded and filled early: what grows beyond that is a leak. */
const heapLimit = 16

const { values, positionals } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    seed: { type: 'string', default: `${Date.now() % 2 ** 32}` },
    packs: { type: 'string', default: '../shared/vectors' },
  },
  allowPositionals: true,
})
const names = positionals.length > 0 ? positionals : [...targets.keys()]
const [seconds, seed] = [Number(values.seconds), Number(values.seed)]
const unknown = names.filter((name) => !targets.has(name))
if (unknown.length > 0 || !(seconds > 0) || !Number.isSafeInteger(seed)) {
  process.stderr.write(
    `fuzz: expected --seconds N, --seed S and parsers of ${[...targets.keys()].join(', ')}\n`,
  )
  process.exitCode = 2
} else {
  process.stdout.write(`seed ${seed}\n`)
  for (const parser of names) {
    const result = await fuzz({ parser, seconds, seed, vectors: values.packs })
    const { line, isFault } = 'hang' in result ? hangLine(parser, result.hang) : reportLine(result)
    process.stdout.write(`${line}\n`)
    if (isFault) process.exitCode = 1
  }
}

function fuzz(options: Omit<WorkerData, 'shared'>): Promise<FuzzReport | { hang: string }> {
  const shared = new SharedArrayBuffer(sharedLength)
  const state = new Int32Array(shared, 0, 2)
  const worker = new Worker(new URL('worker.mjs', import.meta.url), { workerData: { ...options, shared } })
  return new Promise((resolve, reject) => {
    let seen = 0
    const watch = setInterval(() => {
      const count = Atomics.load(state, 0)
      if (count > 0 && count === seen) {
        const input = Buffer.from(shared, sharedHeader, Atomics.load(state, 1)).toString('hex')
        resolve({ hang: input })
        void worker.terminate()
      }
      seen = count
    }, 2 * hangLimit)
    worker.on('message', resolve)
    worker.on('error', reject)
    worker.on('exit', () => clearInterval(watch))
  })
}

function reportLine(report: FuzzReport): { line: string; isFault: boolean } {
  const { parser, executions, accepted, outcomes, faults, slowestMs, heapGrowthMb } = report
  const isSlow = slowestMs > hangLimit
  const line = [
    parser.padEnd(18),
    `${executions} executions in ${report.seconds.toFixed(1)} s`,
    `${accepted} accepted`,
    `${outcomes} outcomes`,
    `slowest ${slowestMs.toFixed(1)} ms`,
    `heap ${heapGrowthMb >= 0 ? '+' : ''}${heapGrowthMb.toFixed(1)} MB`,
    `${faults.length} untyped errors`,
    ...faults.map(({ error, input }) => `\n  ${error}: ${input}`),
    ...(isSlow ? [`\n  too slow: ${report.slowestInput}`] : []),
  ].join(', ')
  return { line, isFault: faults.length > 0 || isSlow || heapGrowthMb > heapLimit }
}

function hangLine(parser: string, input: string): { line: string; isFault: boolean } {
  return { line: `${parser.padEnd(18)}, hang: ${input}`, isFault: true }
}
