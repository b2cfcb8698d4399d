import { isPkiError, PkiError, type StorageConstraint } from '@certwright/core'

/** What SQLite names in "UNIQUE constraint failed: …", and the port's name for it. */
const constraints: readonly (readonly [found: string, constraint: StorageConstraint])[] = [
  ['workspaces.id', 'workspace_id'],
  ['workspaces.slug', 'workspace_slug'],
  ['users.id', 'user_id'],
  ['users.email_folded', 'user_email'],
  ['api_keys.id', 'api_key_id'],
  ['api_keys.secret_hash', 'api_key_hash'],
  ['memberships.', 'membership'],
  ['oauth_clients.id', 'oauth_client_id'],
  ['oauth_grants.id', 'oauth_grant_id'],
  ['oauth_artifacts.kind, oauth_artifacts.uid', 'oauth_artifact_uid'],
  ['cas.id', 'ca_id'],
  ['cas.workspace_id, cas.name', 'ca_name'],
  ["index 'ca_name'", 'ca_name'],
  ['reservations.id', 'reservation_id'],
  ['reservations.ca_id, reservations.serial_number', 'serial_number'],
  ['certificates.id', 'certificate_id'],
  ['crls.ca_id, crls.number', 'crl_number'],
  ['idempotency_records.', 'idempotency_key'],
  ['audit_events.id', 'event_id'],
  ['outbox_events.id', 'event_id'],
  ['sealed_keys.key_id', 'key_id'],
]

/** What is wrong, by the code of SQLite, and what to do about it. */
const states: readonly (readonly [code: RegExp, state: string, retryable: boolean])[] = [
  [/^SQLITE_FULL/, 'the disk is full; make room and try again', true],
  [/^SQLITE_READONLY/, 'the file is read-only; make it and its folder writable for this user', false],
  [
    /^SQLITE_(CANTOPEN|PERM|AUTH)/,
    'the file cannot be opened; check that its folder exists and belongs to this user',
    false,
  ],
  [/^SQLITE_NOTADB/, 'the file is no SQLite database; choose another path', false],
  [/^SQLITE_CORRUPT/, 'the file is damaged; restore it from a backup', false],
  [/^SQLITE_IOERR/, 'the disk does not read or write', true],
  [/^SQLITE_NOMEM/, 'there is no memory left', true],
]

/** SQLite's own error in the words of the port. Errors of ours, and of a caller's `work`, stay what they are. */
export function storageFault(error: unknown): unknown {
  if (isPkiError(error) || !(error instanceof Error) || !('code' in error)) return error
  const code = String(error.code)
  if (code.startsWith('SQLITE_CONSTRAINT')) return conflict(error)
  if (/^SQLITE_(BUSY|LOCKED|PROTOCOL)/.test(code)) {
    const message = 'Cannot store: another process is writing to the same file'
    return new PkiError('storage_conflict', message, { constraint: 'serialization' }, { cause: error })
  }
  if (!code.startsWith('SQLITE_') && error.name !== 'SqliteError') return error
  const known = states.find(([pattern]) => pattern.test(code))
  return unavailable(known?.[1] ?? 'SQLite failed', { retryable: known?.[2] ?? false, cause: error })
}

function conflict(error: Error): unknown {
  const constraint = constraints.find(([found]) => error.message.includes(found))?.[1]
  if (constraint === undefined)
    return unavailable('a record does not fit', { retryable: false, cause: error })
  const message = `Cannot store record: its ${constraint} is taken`
  return new PkiError('storage_conflict', message, { constraint }, { cause: error })
}

export function unavailable(
  state: string,
  { retryable, cause }: { readonly retryable: boolean; readonly cause?: unknown },
): PkiError<'storage_unavailable'> {
  return new PkiError('storage_unavailable', `Cannot use store: ${state}`, { retryable }, { cause })
}
