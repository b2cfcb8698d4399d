import { PkiError, type StorageConstraint } from '@certwright/core'

export function conflict(constraint: StorageConstraint): PkiError<'storage_conflict'> {
  return new PkiError('storage_conflict', `Cannot store record: its ${constraint} is taken`, { constraint })
}
