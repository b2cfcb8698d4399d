import { resolve } from 'node:path'
import type { FlagType } from '../arguments.js'
import { CommandError } from '../command-error.js'

/** Where the records and the sealed keys are. */
export type StorePlace =
  | { readonly kind: 'memory' }
  /** @property path absolute */
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'database'; readonly url: string }

/** The flags that every command takes which opens a store. */
export const placeFlags = { data: 'string', database: 'string' } as const satisfies Record<string, FlagType>

const defaultFolder = 'certwright-data'

/** @throws {CommandError} two places at once, or no URL of a Postgres server */
export function storePlace(command: string, flags: ReadonlyMap<string, string>): StorePlace {
  const given = ['data', 'database', 'memory'].filter((flag) => flags.has(flag))
  if (given.length > 1) {
    throw new CommandError(
      'usage',
      `cannot ${command}: --${given.join(' and --')} exclude each other; give one`,
    )
  }
  if (flags.has('memory')) return { kind: 'memory' }
  const url = flags.get('database')
  if (url !== undefined) return { kind: 'database', url: postgresUrl(command, url) }
  return { kind: 'folder', path: resolve(flags.get('data') ?? defaultFolder) }
}

function postgresUrl(command: string, text: string): string {
  if (URL.canParse(text) && /^postgres(?:ql)?:$/.test(new URL(text).protocol)) return text
  // The text is not repeated: it may hold a password.
  throw new CommandError(
    'usage',
    `cannot ${command}: --database takes the URL of a Postgres server, as in postgres://user@host:5432/name`,
  )
}

/** The place in a sentence: of a URL without the password. */
export function placeName(place: StorePlace): string {
  if (place.kind === 'memory') return 'memory'
  if (place.kind === 'folder') return place.path
  const url = new URL(place.url)
  return `${url.protocol}//${url.username && `${url.username}@`}${url.host}${url.pathname}`
}
