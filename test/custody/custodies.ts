import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KeyCustody } from '@certwright/core'
import { keyEncryptionKey, sealedCustody, type SealedCustodyOptions } from '@certwright/custody'
import { memoryCustody, memoryKeyStore } from '@certwright/memory'
import { sqliteStorage } from '@certwright/sqlite'

export type CustodyOptions = Pick<SealedCustodyOptions, 'crypto' | 'scrypt'>

/** A custody that a test has for itself, and how to let go of what is below it. */
interface Opened {
  readonly custody: KeyCustody
  readonly close: () => Promise<void>
}

interface NamedCustody {
  readonly name: string
  readonly open: (options: CustodyOptions) => Promise<Opened>
}

const nothingToClose = async (): Promise<void> => undefined

export const custodies: readonly NamedCustody[] = [
  {
    name: 'memoryCustody',
    open: async (options) => ({ custody: memoryCustody(options), close: nothingToClose }),
  },
  {
    name: 'sealedCustody with one key open at a time',
    open: async (options) => ({
      custody: sealedCustody({
        ...options,
        keys: memoryKeyStore(),
        keyEncryptionKey: keyEncryptionKey(new Uint8Array(32).fill(7)),
        maximumOpenKeys: 1,
      }),
      close: nothingToClose,
    }),
  },
  {
    name: 'sealedCustody over SQLite',
    async open(options) {
      const folder = mkdtempSync(join(tmpdir(), 'certwright-custody-'))
      const storage = sqliteStorage(join(folder, 'keys.db'))
      return {
        custody: sealedCustody({
          ...options,
          keys: storage.keys,
          keyEncryptionKey: keyEncryptionKey(new Uint8Array(32).fill(7)),
        }),
        async close() {
          await storage.close()
          rmSync(folder, { recursive: true })
        },
      }
    },
  },
]
