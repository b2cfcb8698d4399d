// `npm run mutate -- [--tables] [PLACE…]`: mutation tests of packages/core, by Stryker; see docs/mutation-testing.md.
//
// A place is a file or folder below packages/core/src; without one it is rules, asn1 and x509. `--tables` judges what is
// made when a module is loaded, too. Works in a copy, so that a run which is cut off leaves no mutant behind. Prints what
// survived and the score of each file, writes mutation-report.json, and fails where the score of a place in rules/ is
// below its bound.
import { spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const sources = 'packages/core/src'

const words = process.argv.slice(2)
const config = words.includes('--tables')
  ? 'test/mutation/tables.config.mjs'
  : 'test/mutation/stryker.config.mjs'

/** Percent of the mutants of rules/ that a test must notice. */
const leastScore = 85

/** What a copy does without, by name. */
const leftOut = new Set([
  '.git',
  'node_modules',
  'dist',
  'coverage',
  'certwright-data',
  'mutation-report.json',
])

/**
 * @param {readonly string[]} command of Node
 * @param {string} cwd
 * @param {import('node:child_process').StdioOptions} [stdio]
 */
const node = (command, cwd, stdio = ['ignore', 1, 2]) => spawnSync(process.execPath, command, { cwd, stdio })

/** @param {readonly string[]} places */
function mutate(places) {
  const copy = mkdtempSync(join(tmpdir(), 'certwright-mutate-'))
  try {
    cpSync(root, copy, {
      recursive: true,
      filter: (source) => !leftOut.has(source.split(/[/\\]/).at(-1) ?? ''),
    })
    const pnpm = join(root, 'node_modules/pnpm/bin/pnpm.cjs')
    const installed = node([pnpm, 'install', '--frozen-lockfile', '--prefer-offline'], copy, ['ignore', 2, 2])
    if (installed.status !== 0) return 1
    const scores = places.map((place) => mutatePlace(place, copy))
    return scores.every((isGood) => isGood) ? 0 : 1
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

/**
 * @param {string} place
 * @param {string} copy
 */
function mutatePlace(place, copy) {
  process.stderr.write(`certwright: mutating ${sources}/${place}\n`)
  const files = place.endsWith('.ts') ? `${sources}/${place}` : `${sources}/${place}/**/*.ts`
  const stryker = join(copy, 'node_modules/@stryker-mutator/core/bin/stryker.js')
  const mutated = `${files},!${sources}/**/*.test.ts,!${sources}/**/test-*.ts`
  const command = [stryker, 'run', config, '--mutate', mutated]
  const { status } = node(command, copy)
  if (status !== 0) return false
  const report = join(copy, 'mutation-report.json')
  copyFileSync(report, join(root, 'mutation-report.json'))
  const states = statesOf(JSON.parse(readFileSync(report, 'utf8')))
  const count = (/** @type {string[]} */ ...wanted) => states.filter((state) => wanted.includes(state)).length
  const noticed = count('Killed', 'Timeout')
  const judged = noticed + count('Survived', 'NoCoverage')
  // Of a file of tables alone nothing is judged, and nothing missed.
  const score = judged === 0 ? 100 : (100 * noticed) / judged
  const isGood = !place.startsWith('rules') || score >= leastScore
  const left = count('Ignored')
  const notJudged = left === 0 ? '' : `; ${left} in tables were not judged (--tables)`
  process.stdout.write(
    `${place}: ${score.toFixed(1)} % of the mutants were noticed, ${noticed} of ${judged}${notJudged}\n`,
  )
  if (!isGood) process.stderr.write(`certwright: ${place} is below ${leastScore} %\n`)
  return isGood
}

/**
 * Of each mutant what became of it. Those that do not compile are none.
 *
 * @param {{ files: Record<string, { mutants: { status: string }[] }> }} report
 */
const statesOf = ({ files }) =>
  Object.values(files).flatMap(({ mutants }) => mutants.map(({ status }) => status))

const places = words.filter((word) => word !== '--tables').map((place) => place.replace(/\/+$/, ''))
const unknown = places.find((place) => !existsSync(join(root, sources, place)))
if (unknown === undefined) {
  process.exitCode = mutate(places.length === 0 ? ['rules', 'asn1', 'x509'] : places)
} else {
  process.stderr.write(`certwright: cannot mutate: there is no ${sources}/${unknown}\n`)
  process.exitCode = 2
}
