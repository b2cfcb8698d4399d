import { readArguments } from '../arguments.js'
import { CommandError } from '../command-error.js'
import { inspectInput } from '../inspect/inspect-input.js'
import { readInput } from '../inspect/read-input.js'
import { sourceName } from '../inspect/source.js'
import type { Item } from '../inspect/item.js'
import { renderItem } from '../inspect/render-text.js'
import { printable, printableJson } from '../printable.js'
import { usage } from '../usage.js'

/** `certwright inspect`: the readable part of every input is shown, also where another part is not. */
export async function inspect(args: readonly string[]): Promise<number> {
  const { flags, positionals } = readArguments('inspect', args, { json: 'boolean' })
  if (flags.has('help')) {
    process.stdout.write(`${usage.inspect}\n`)
    return 0
  }
  if (positionals.length === 0) {
    throw new CommandError('usage', 'cannot inspect: name a file, or "-" for standard input')
  }
  const now = new Date()
  const items: Item[] = []
  for (const file of positionals) items.push(...inspectInput(await readInput(file), now))

  if (flags.has('json')) process.stdout.write(`${printableJson({ items }, 2)}\n`)
  else for (const item of items) writeText(item)
  return items.some((item) => 'error' in item) ? 1 : 0
}

function writeText(item: Item): void {
  if (!('error' in item)) process.stdout.write(`${renderItem(item)}\n`)
  else process.stderr.write(printable(`certwright: ${sourceName(item.source)}: ${item.error.message}`) + '\n')
}
