import { keyEncryptionKey, type SealedCustodyOptions, sealedCustody } from '@certwright/custody'
import type { KeyCustody } from '@certwright/core'
import { memoryKeyStore } from './memory-key-store.js'

export type MemoryCustodyOptions = Pick<SealedCustodyOptions, 'crypto' | 'random' | 'clock' | 'scrypt'>

/**
 * Keys in the memory of this process, and gone with it. They are sealed there as they would be in a database
 * (`sealedCustody`): under a passphrase where the CA has one, else under a key that this process has made for itself.
 *
 * @throws {RangeError} `options.scrypt` is no cost that scrypt can have, or needs more than 256 MiB
 */
export function memoryCustody(options: MemoryCustodyOptions = {}): KeyCustody {
  const octets = crypto.getRandomValues(new Uint8Array(32))
  const custody = sealedCustody({
    ...options,
    keys: memoryKeyStore(),
    keyEncryptionKey: keyEncryptionKey(octets),
  })
  octets.fill(0)
  return custody
}
