import assert from 'node:assert/strict'
import { memoryKeyStore } from '@certwright/memory'
import type { StorageFactory } from '@certwright/testing'
import { checkStore } from '../../packages/cli/src/doctor/check-store.js'

/** Stores that `certwright doctor` looks at before they close: whatever a history has done to one, it has nothing to say. */
export const examined = (stores: StorageFactory): StorageFactory => ({
  ...stores,
  async open() {
    const opened = await stores.open()
    return {
      ...opened,
      async close() {
        try {
          const findings: string[] = []
          const patient = { keys: memoryKeyStore(), keyEncryptionKey: undefined, progress: () => undefined }
          for await (const { check, level, subject, message } of checkStore({
            ...patient,
            storage: opened.storage,
          })) {
            // Seeded keys come from their seed, and are in no store.
            if (check !== 'ca-key' && level === 'error') findings.push(`${check}: ${subject}: ${message}`)
          }
          assert.deepEqual(findings, [])
        } finally {
          await opened.close()
        }
      },
    }
  },
})
