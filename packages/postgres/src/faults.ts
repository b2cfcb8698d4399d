import { isPkiError, PkiError, type StorageConstraint } from '@certwright/core'

/** Names in the schema that are not those of the port. The others are the same. */
const otherNames: Readonly<Record<string, StorageConstraint>> = {
  audit_event_id: 'event_id',
  outbox_event_id: 'event_id',
}

/** What is wrong, by SQLSTATE or the system's code, and what to do about it. */
const states: readonly (readonly [code: RegExp, state: string, retryable: boolean])[] = [
  [
    /^(ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/,
    'nobody answers; check host and port, and whether the server runs',
    true,
  ],
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'there is no host of that name; check the URL', false],
  [/^(ECONNRESET|EPIPE|08...)$/, 'the connection was lost', true],
  [/^(28...)$/, 'user or password is refused; check the URL, or give the password in PGPASSWORD', false],
  [/^3D000$/, 'there is no database of that name; create it, or check the URL', false],
  [
    /^(42P01|3F000|42703)$/,
    'the schema is missing or another; run migrate() or "certwright migrate" first',
    false,
  ],
  [
    /^(42P06|42P07|42710)$/,
    'the schema has tables of these names, and no version of ours: name another schema, or restore this one from a backup',
    false,
  ],
  [/^42501$/, 'this user lacks rights; grant them, or connect as the owner of the schema', false],
  [/^25006$/, 'it takes no writes; give the URL of the primary', true],
  [/^53100$/, 'its disk is full; make room', true],
  [/^53200$/, 'it is out of memory', true],
  [/^53300$/, 'it has too many connections; raise max_connections, or pool them', true],
  [
    /^(42P05|26000)$/,
    'a pooler in front of it mixes up prepared statements; see { prepare: false } of fromPool, or add ?pgbouncer=true to the URL of serve',
    false,
  ],
  [/^(57014|55P03|25P0[34])$/, 'it took longer than one of its timeouts allows', true],
  [/^57P0[123]$/, 'it is shutting down or starting', true],
]

/** A driver's error in the words of the port; errors of ours and of a caller's `work` stay what they are. */
export function storageFault(error: unknown): unknown {
  if (isPkiError(error) || !(error instanceof Error)) return error
  const code = codeOf(error)
  if (code === '23505') return conflict(error)
  // 22012, a division by zero: an expectation that did not hold (`expect-statement.ts`).
  if (code === '40001' || code === '40P01' || code === '22012') {
    const message = 'Cannot store: another transaction has won'
    return new PkiError('storage_conflict', message, { constraint: 'serialization' }, { cause: error })
  }
  if (code === undefined && !/connection|timeout/i.test(error.message)) return error
  const known = states.find(([pattern]) => code !== undefined && pattern.test(code))
  // Without a code it is the driver that speaks: the connection ended while something was under way.
  const state = known?.[1] ?? (code === undefined ? 'the connection was lost' : `Postgres failed (${code})`)
  return unavailable(state, { retryable: known?.[2] ?? code === undefined, cause: error })
}

/** Deeper causes than this are nobody's: Drizzle wraps the driver's error once. */
const maximumDepth = 4

/** SQLSTATE has five characters, the system's codes begin with E. Of several addresses the first tells. */
function codeOf(error: Error): string | undefined {
  let current: unknown = error
  for (let depth = 0; depth < maximumDepth && current instanceof Error; depth++) {
    const code: unknown = Reflect.get(current, 'code')
    if (typeof code === 'string' && /^([0-9A-Z]{5}|E[A-Z_]+)$/.test(code)) return code
    current = current instanceof AggregateError ? current.errors[0] : current.cause
  }
  return undefined
}

/** `constraint` in pg, `constraint_name` in postgres.js. */
function constraintOf(error: Error): string {
  let current: unknown = error
  for (let depth = 0; depth < maximumDepth && current instanceof Error; depth++) {
    const name: unknown = Reflect.get(current, 'constraint') ?? Reflect.get(current, 'constraint_name')
    if (typeof name === 'string') return name
    current = current.cause
  }
  return ''
}

function conflict(error: Error): unknown {
  const name = constraintOf(error)
  const constraint = otherNames[name] ?? (name as StorageConstraint)
  const message = `Cannot store record: its ${constraint} is taken`
  return new PkiError('storage_conflict', message, { constraint }, { cause: error })
}

/** No URL and no password is ever in the message. */
export function unavailable(
  state: string,
  { retryable, cause }: { readonly retryable: boolean; readonly cause?: unknown },
): PkiError<'storage_unavailable'> {
  return new PkiError('storage_unavailable', `Cannot use database: ${state}`, { retryable }, { cause })
}
