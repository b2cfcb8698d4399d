import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { parentPort, workerData } from 'node:worker_threads'
import { startCorpus } from './corpus.js'
import { fuzzTarget } from './fuzz-target.js'
import { targets } from './targets.js'
import { sharedHeader, type WorkerData } from './worker-data.js'

/*
 * One parser in a thread of its own. Before each input it writes down, in memory that the main thread sees, the input and
 * that another one has begun: what does not come back can then be named.
 */

const { parser, seconds, seed, vectors, shared } = workerData as WorkerData
const state = new Int32Array(shared, 0, 2)
const current = new Uint8Array(shared, sharedHeader)

setFlagsFromString('--expose-gc')
const collect: unknown = runInNewContext('gc')

const parse = targets.get(parser)
if (parse === undefined) throw new RangeError(`There is no parser "${parser}"`)
const report = await fuzzTarget({
  parser,
  parse,
  corpus: await startCorpus(vectors),
  seconds,
  seed,
  clock: () => performance.now(),
  heap: () => {
    if (typeof collect === 'function') collect()
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    return heapUsed + arrayBuffers
  },
  onInput: (input) => {
    current.set(input)
    Atomics.store(state, 1, input.length)
    Atomics.add(state, 0, 1)
  },
})
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a MessagePort of Node has no origin
parentPort?.postMessage(report)
