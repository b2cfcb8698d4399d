import { PkiError, type Rewrapping, type SealedKey, type SealedKeyStore } from '@certwright/core'

/** Sealed keys in the memory of this process, and gone with it. */
export function memoryKeyStore(): SealedKeyStore {
  const keys = new Map<string, SealedKey>()
  return {
    async insertKey(key) {
      if (keys.has(key.keyId)) {
        throw new PkiError('storage_conflict', `Cannot keep key: there is a key "${key.keyId}" already`, {
          constraint: 'key_id',
        })
      }
      keys.set(key.keyId, copyOf(key))
    },

    async findKey(keyId) {
      const key = keys.get(keyId)
      return key && copyOf(key)
    },

    async *listKeys() {
      for (const keyId of [...keys.keys()].sort()) {
        const key = keys.get(keyId)
        if (key !== undefined) yield copyOf(key)
      }
    },

    async rewrapKey(keyId, { from, wrappedDataKey, kekId }: Rewrapping) {
      const key = keys.get(keyId)
      if (key?.wrappedDataKey === undefined || !isSame(key.wrappedDataKey, from)) return false
      keys.set(keyId, copyOf({ ...key, wrappedDataKey, kekId }))
      return true
    },

    async deleteKey(keyId) {
      keys.delete(keyId)
    },
  }
}

/** Callers may overwrite what they handed in, and what they were given. */
const copyOf = (key: SealedKey): SealedKey => ({
  ...key,
  spkiDer: new Uint8Array(key.spkiDer),
  sealed: new Uint8Array(key.sealed),
  ...(key.wrappedDataKey && { wrappedDataKey: new Uint8Array(key.wrappedDataKey) }),
  createdAt: new Date(key.createdAt),
})

const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((octet, i) => octet === b[i])
