#!/usr/bin/env node
import { isPkiError } from '@certwright/core'
import { CommandError } from './command-error.js'
import { archive } from './commands/archive.js'
import { clients } from './commands/clients.js'
import { doctor } from './commands/doctor.js'
import { inspect } from './commands/inspect.js'
import { keys } from './commands/keys.js'
import { migrate } from './commands/migrate.js'
import { serve } from './commands/serve.js'
import { verify } from './commands/verify.js'
import { printable } from './printable.js'
import { usage } from './usage.js'
import { version } from './version.js'

/** Take the arguments behind the command's name, return the exit code. */
type Command = (args: readonly string[]) => Promise<number>

const commands: ReadonlyMap<string, Command> = new Map([
  ['serve', serve],
  ['doctor', doctor],
  ['migrate', migrate],
  ['keys', keys],
  ['clients', clients],
  ['archive', archive],
  ['inspect', inspect],
  ['verify', verify],
  // Loaded when they are asked for: what they stand on takes longer to load than the rest of us.
  ['mcp', async (args) => (await import('./commands/mcp.js')).mcp(args)],
  ['replay', async (args) => (await import('./commands/replay.js')).replay(args)],
  ['export', async (args) => (await import('./commands/export.js')).exportContainer(args)],
])

async function run([name, ...args]: readonly string[]): Promise<number> {
  if (name === '--help' || name === '-h') return print(usage.certwright)
  if (name === '--version') return print(version())
  const known = [...commands.keys()].join(', ')
  if (name === undefined) throw new CommandError('usage', `name a command: ${known}; see "certwright --help"`)
  const command = commands.get(name)
  if (command === undefined) {
    throw new CommandError('usage', `"${name}" is no command: use one of ${known}; see "certwright --help"`)
  }
  return command(args)
}

function print(text: string): number {
  process.stdout.write(`${text}\n`)
  return 0
}

/** One sentence for people, whatever went wrong: a stack trace helps nobody who types commands. */
function report(error: unknown): number {
  const message = error instanceof Error || isPkiError(error) ? error.message : String(error)
  process.stderr.write(`certwright: ${printable(message)}\n`)
  return error instanceof CommandError ? error.exitCode : 1
}

// Who pipes us into `head` has read enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1)
})

process.exitCode = await run(process.argv.slice(2)).catch(report)
