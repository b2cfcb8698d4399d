import { hasCode } from '@certwright/core'
import { CommandError } from '../command-error.js'
import { placeName, type StorePlace } from './place.js'

/** Codes of Postgres (SQLSTATE) and of the system, and what they mean for who started the command. */
const databaseMeanings: readonly (readonly [code: RegExp, meaning: string])[] = [
  [
    /^(ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ECONNRESET)$/,
    'nobody answers there; check host and port, and whether the server runs',
  ],
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'there is no host of that name; check the URL'],
  [/^(28P01|28000)$/, 'it refuses user or password; check the URL, or give the password in PGPASSWORD'],
  [/^3D000$/, 'the server has no database of that name; create it (createdb), or check the URL'],
  [
    /^(42P01|3F000)$/,
    'it has no schema of Certwright; run "certwright migrate" with the same --database first',
  ],
  [/^42501$/, 'this user lacks rights on it; grant them, or connect as the owner of the schema'],
  [
    /^(25006|57P03)$/,
    'it takes no writes now, as a standby or while it starts; give the URL of the primary, or try again',
  ],
  [/^53100$/, 'its disk is full; make room. What was answered before is kept'],
  [/^53300$/, 'it has too many connections; raise max_connections, or put a pooler in front of it'],
]

/**
 * An error of a store as one sentence that says where, and what to do; any other as it is. What the embedded store says is
 * such a sentence; a database is somebody else's, and speaks in codes.
 */
export function explainFault(error: unknown, place: StorePlace, command: string): unknown {
  if (!hasCode(error, 'storage_unavailable')) return error
  const meaning = place.kind === 'database' ? databaseMeaning(error) : undefined
  const state = meaning ?? error.message.replace(/^Cannot [^:]*: /, '')
  return new CommandError('failure', `cannot ${command} from ${placeName(place)}: ${state}`, { cause: error })
}

function databaseMeaning(error: unknown): string | undefined {
  const codes = codesOf(error)
  return databaseMeanings.find(([known]) => codes.some((code) => known.test(code)))?.[1]
}

/** Deeper causes than this are nobody's. */
const maximumDepth = 8

function codesOf(error: unknown): readonly string[] {
  const codes: string[] = []
  let current = error
  for (let depth = 0; depth < maximumDepth && current instanceof Error; depth++) {
    if ('code' in current && typeof current.code === 'string') codes.push(current.code)
    // Several addresses of one host, each with its own refusal.
    current = current instanceof AggregateError ? current.errors[0] : current.cause
  }
  return codes
}
