import { parseArgs } from 'node:util'
import { type Run, table } from './report.js'
import { type StoreName, withStore } from './stores.js'
import { isClean, torture } from './torture.js'

/*
 * npm run torture -- [--kills N] [--store sqlite|postgres] [--seed S] [--json]
 *
 * Kills the built command with SIGKILL in the middle of its work, N times, and counts the promises that it has broken.
 * Exit code 0: none; 1: some, or a run that could not be finished; 2: the command was not understood.
 */

/** Without --store and --kills. */
const plans: Readonly<Record<StoreName, number>> = { sqlite: 100, postgres: 300 }

const { values } = parseArgs({
  options: {
    kills: { type: 'string' },
    store: { type: 'string' },
    seed: { type: 'string', default: `${Date.now() % 2 ** 32}` },
    json: { type: 'boolean', default: false },
  },
})
const stores = (Object.keys(plans) as StoreName[]).filter((store) => store === (values.store ?? store))
const seed = Number(values.seed)
const kills = values.kills === undefined ? undefined : Number(values.kills)
const isKills = kills === undefined || (Number.isSafeInteger(kills) && kills > 0)
if (stores.length === 0 || !isKills || !Number.isSafeInteger(seed)) {
  process.stderr.write('torture: expected --kills N, --store sqlite or postgres, --seed S and --json\n')
  process.exitCode = 2
} else {
  // Victims end with this process, however it ends.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  const runs: Run[] = []
  for (const store of stores) runs.push(await run(store, kills ?? plans[store]))
  process.stdout.write(values.json ? `${JSON.stringify({ runs })}\n` : table(runs))
  if (!runs.every(isClean)) process.exitCode = 1
}

async function run(store: StoreName, planned: number): Promise<Run> {
  process.stderr.write(`torture: ${store}, ${planned} kills, seed ${seed}\n`)
  const progress = (killed: number): void => {
    if (killed % 10 === 0) process.stderr.write(`torture: ${store}, ${killed} of ${planned} kills\n`)
  }
  const report = await withStore(store, (place) =>
    torture(place, { kills: planned, seed, settle: true, progress }),
  )
  return { store, ...report }
}
