import { type Arguments, type FlagType, readArguments } from '../arguments.js'
import { CommandError } from '../command-error.js'
import { asOperator, type OperatorsStore } from '../store/as-operator.js'
import { placeFlags, storePlace } from '../store/place.js'

/** What a subcommand works with. */
export interface AccessCommand extends OperatorsStore {
  readonly flags: Arguments['flags']
  /** The value of a flag. @throws {CommandError} it is missing */
  readonly need: (flag: string) => string
  /** The one argument behind the subcommand. */
  readonly id: string
}

export interface Subcommand {
  readonly flags: Readonly<Record<string, FlagType>>
  /** What the one argument is; absent: there is none. */
  readonly argument?: string
  /** @returns what `--json` prints, and the lines for people */
  run(command: AccessCommand): Promise<{ readonly json: object; readonly lines: readonly string[] }>
}

/** Run one of the subcommands of `keys` or `clients` over a store, as its operator. */
export async function runAccessCommand(
  name: 'keys' | 'clients',
  subcommands: Readonly<Record<string, Subcommand>>,
  usageText: string,
  [verb, ...args]: readonly string[],
): Promise<number> {
  if (verb === '--help' || verb === '-h') return print(usageText)
  const subcommand = verb !== undefined && Object.hasOwn(subcommands, verb) ? subcommands[verb] : undefined
  if (subcommand === undefined || verb === undefined) {
    const known = Object.keys(subcommands).join(', ')
    throw new CommandError('usage', `cannot ${name}: name one of ${known}; see "certwright ${name} --help"`)
  }
  const command = `${name} ${verb}`
  const types = { ...placeFlags, ...subcommand.flags, json: 'boolean' } as const
  const { flags, positionals } = readArguments(command, args, types)
  if (flags.has('help')) return print(usageText)
  const id = readId(command, subcommand.argument, positionals)
  const place = storePlace(command, flags)
  const need = (flag: string) => needed(command, flags, flag)
  const { json, lines } = await asOperator(place, command, (opened) =>
    subcommand.run({ ...opened, flags, need, id }),
  )
  return print(flags.has('json') ? JSON.stringify(json) : lines.join('\n'))
}

function print(text: string): number {
  process.stdout.write(`${text}\n`)
  return 0
}

function needed(command: string, flags: Arguments['flags'], flag: string): string {
  const value = flags.get(flag)
  if (value !== undefined) return value
  throw new CommandError('usage', `cannot ${command}: --${flag} is missing`)
}

function readId(command: string, argument: string | undefined, positionals: readonly string[]): string {
  const [id, surplus] = positionals
  if (argument === undefined && id !== undefined) {
    throw new CommandError('usage', `cannot ${command}: "${id}" is no flag of it`)
  }
  if (argument !== undefined && id === undefined) {
    throw new CommandError('usage', `cannot ${command}: name the ${argument}`)
  }
  if (surplus !== undefined)
    throw new CommandError('usage', `cannot ${command}: "${surplus}" is one too many`)
  return id ?? ''
}

/** By id or by slug. @throws {CommandError} there is no such workspace */
export async function workspaceIdOf({ storage }: AccessCommand, named: string): Promise<string> {
  const found = (await storage.findWorkspaceBySlug(named)) ?? (await storage.findWorkspace(named))
  if (found !== undefined) return found.id
  throw new CommandError('failure', `cannot find workspace: there is none with the id or slug "${named}"`)
}

/** The items of a flag that takes a list. */
export const listOf = (value: string): readonly string[] =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')

/** Every item of a list of the authority's, a hundred at a time. */
export async function everyItem<T>(
  list: (page: { page: number; pageSize: number }) => Promise<{ items: readonly T[]; totalPages: number }>,
): Promise<readonly T[]> {
  const all: T[] = []
  for (let page = 1; ; page++) {
    const { items, totalPages } = await list({ page, pageSize: 100 })
    all.push(...items)
    if (page >= totalPages) return all
  }
}
