import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { isAsExpected, runConformance } from './conformance.js'
import exceptions from './exceptions.json' with { type: 'json' }
import { judges } from './judges/judges.js'
import { jsonReport, textReport } from './report.js'

/** Where the packs lie, seen from the root of the repository, where this runs. */
const defaultFolder = '../shared/vectors'

const usage = 'Usage: npm run conformance -- [--packs DIR] [NAME…] [--json]\n'

const { values, positionals } = readArguments()
const reports = await runConformance({
  folder: values.packs,
  names: positionals,
  exceptions,
  judges,
  worker: fileURLToPath(new URL('worker.mjs', import.meta.url)),
})
process.stdout.write(values.json ? `${jsonReport(reports)}\n` : textReport(reports))
process.exitCode = isAsExpected(reports) ? 0 : 1

function readArguments() {
  try {
    return parseArgs({
      options: {
        packs: { type: 'string', default: defaultFolder },
        json: { type: 'boolean', default: false },
      },
      allowPositionals: true,
    })
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}`)
    process.exit(2)
  }
}
