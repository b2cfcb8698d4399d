import { readFile } from 'node:fs/promises'
import { isPkiError } from '@certwright/core'
import { parseTrace, replay as replayTrace, type ReplayReport, type Trace } from '@certwright/testing'
import { readArguments } from '../arguments.js'
import { CommandError } from '../command-error.js'
import { usage } from '../usage.js'

/** `certwright replay`: 0 where every answer is the same, 1 where one differs or the file is no trace. */
export async function replay(args: readonly string[]): Promise<number> {
  const { flags, positionals } = readArguments('replay', args, { json: 'boolean' })
  if (flags.has('help')) {
    process.stdout.write(`${usage.replay}\n`)
    return 0
  }
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0) {
    throw new CommandError('usage', 'cannot replay: name one file with the trace')
  }
  const trace = await readTrace(file)
  const report = await replayTrace(trace)
  process.stdout.write(flags.has('json') ? `${JSON.stringify(report)}\n` : inWords(report))
  return report.difference === undefined ? 0 : 1
}

/** What a test runner has printed in front of the trace is passed over. */
async function readTrace(file: string): Promise<Trace> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    const state = cause instanceof Error ? cause.message : String(cause)
    throw new CommandError('failure', `cannot replay: cannot read ${file}: ${state}`, { cause })
  })
  const start = text.search(/^\{"format":"certwright-trace\//m)
  try {
    return parseTrace(start === -1 ? text : (text.slice(start).split('\n', 1)[0] ?? ''))
  } catch (error) {
    if (!isPkiError(error)) throw error
    throw new CommandError('failure', `cannot replay: ${file}: ${error.message}`, { cause: error })
  }
}

function inWords({ calls, difference }: ReplayReport): string {
  if (difference === undefined) return `${calls} calls: every answer is the same, byte for byte\n`
  const { index, method, at, expected, got } = difference
  return [
    `call ${index + 1} of the trace, ${method} at ${at}, has another answer`,
    `  then: ${JSON.stringify(expected)}`,
    `  now:  ${JSON.stringify(got)}`,
    '',
  ].join('\n')
}
