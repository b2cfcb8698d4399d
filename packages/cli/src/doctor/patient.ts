import type { CaRecord, SealedKeyStore, Storage } from '@certwright/core'
import type { KeyEncryptionKey } from '@certwright/custody'
import type { Progress } from '../progress.js'

/** What is examined. */
export interface Patient {
  readonly storage: Storage
  readonly keys: SealedKeyStore
  /** Absent: keys in envelopes cannot be opened, and that is a finding. */
  readonly keyEncryptionKey: KeyEncryptionKey | undefined
  readonly cas: readonly CaRecord[]
  /** Told now and then, because a million certificates take minutes. */
  readonly progress: Progress
}
