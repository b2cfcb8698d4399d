import { parseArgs } from 'node:util'
import { findDisagreements, type JudgeReport } from './find-disagreements.js'
import { allJudges } from './judges/all-judges.js'
import { certwright } from './judges/certwright.js'
import { toJson, writeReport } from './report.js'
import { themesFor } from './themes.js'

/*
 * npm run differential -- [--runs N] [--seed S] [--report FOLDER] [--json] [VALIDATOR…]
 *
 * N chains for each validator, as far as it claims to judge them. Exit code 0: ours is never wrong; 1: it is; 2: the
 * command was not understood.
 */

const { values, positionals } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    report: { type: 'string', default: 'differential-report' },
    json: { type: 'boolean', default: false },
  },
  allowPositionals: true,
})
const [runs, seed] = [Number(values.runs), Number(values.seed)]
const judges = await allJudges()
const names = judges.map(({ name }) => name)
const unknown = positionals.filter((name) => !names.includes(name))
if (!(Number.isSafeInteger(runs) && runs > 0) || !Number.isSafeInteger(seed) || unknown.length > 0) {
  process.stderr.write(
    `differential: expected --runs N, --seed S, --report FOLDER, --json and validators of ${names.join(', ')}\n`,
  )
  process.exitCode = 2
} else {
  const runsPerTheme = Math.ceil(runs / themesFor(certwright).length)
  const reports: JudgeReport[] = []
  for (const judge of judges) {
    if (positionals.length > 0 && !positionals.includes(judge.name)) continue
    reports.push(await findDisagreements(judge, { runsPerTheme, seed, progress }))
  }
  writeReport(values.report, { runs, seed }, reports)
  process.stdout.write(
    values.json ? `${JSON.stringify(toJson({ runs, seed }, reports))}\n` : summary(reports, values.report),
  )
  const ours = reports.find(({ judge }) => judge === certwright.name)
  if (ours !== undefined && ours.disagreements.length > 0) process.exitCode = 1
}

function progress(text: string): void {
  process.stderr.write(`differential: ${text}\n`)
}

function summary(reports: readonly JudgeReport[], folder: string): string {
  const lines = reports.flatMap(({ judge, version, judged, disagreements }) => [
    `${judge} ${version}: ${judged} chains, ${disagreements.length} kinds seen wrong`,
    ...disagreements.map(
      ({ expected, title, clause }) =>
        `  ${expected === 'valid' ? 'refuses' : 'accepts'} ${title} (${clause})`,
    ),
  ])
  return `${lines.join('\n')}\nreport in ${folder}\n`
}
