import { parseArgs } from 'node:util'
import { CommandError } from './command-error.js'

/** A flag takes a value or stands alone. */
export type FlagType = 'string' | 'boolean'

export interface Arguments {
  /** Flags that were given, by name; those that stand alone have the value `''`. */
  readonly flags: ReadonlyMap<string, string>
  readonly positionals: readonly string[]
}

/**
 * Read the arguments of a command. Flags may stand anywhere; `--` ends them; each may be given once.
 *
 * @param types the command's flags; `help`, also `-h`, is known to all
 * @throws {CommandError} an unknown or repeated flag, a missing value, or one where none belongs
 */
export function readArguments(
  command: string,
  args: readonly string[],
  types: Readonly<Record<string, FlagType>>,
): Arguments {
  const known: Readonly<Record<string, FlagType>> = { ...types, help: 'boolean' }
  const refuse = (state: string): CommandError =>
    new CommandError('usage', `cannot ${command}: ${state}; see "certwright ${command} --help"`)
  const options = Object.fromEntries(
    Object.entries(known).map(([name, type]) => [name, name === 'help' ? { type, short: 'h' } : { type }]),
  )
  // Not strict: its errors are several sentences long, and we want one that names the flags there are.
  const { tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })

  const flags = new Map<string, string>()
  const positionals: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind !== 'option') continue
    const { name, rawName, value, inlineValue } = token
    const type = Object.hasOwn(known, name) ? known[name] : undefined
    if (type === undefined) throw refuse(`"${rawName}" is no flag of it`)
    if (type === 'boolean' && value !== undefined) throw refuse(`${rawName} takes no value`)
    if (
      type === 'string' &&
      (value === undefined || value === '' || (!inlineValue && value.startsWith('-')))
    ) {
      throw refuse(`${rawName} needs a value`)
    }
    if (flags.has(name)) throw refuse(`${rawName} is given twice`)
    flags.set(name, value ?? '')
  }
  return { flags, positionals }
}
