import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { isAsExpected, runConformance } from './conformance.js'
import exceptions from './exceptions.json' with { type: 'json' }
import { judges } from './judges/judges.js'
import { jsonReport, textReport } from './report.js'

/** Where the packs lie, seen from the root of the repository, where this runs. */
const defaultFolder = '../shared/vectors'

const { values, positionals } = parseArgs({
  options: { packs: { type: 'string', default: defaultFolder }, json: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const reports = await runConformance({
  folder: values.packs,
  names: positionals,
  exceptions,
  judges,
  worker: fileURLToPath(new URL('worker.mjs', import.meta.url)),
})
process.stdout.write(values.json ? `${jsonReport(reports)}\n` : textReport(reports))
process.exitCode = isAsExpected(reports) ? 0 : 1
