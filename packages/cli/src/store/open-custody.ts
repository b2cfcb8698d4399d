import type { KeyCustody } from '@certwright/core'
import { sealedCustody } from '@certwright/custody'
import { memoryCustody } from '@certwright/memory'
import { note } from '../say.js'
import { keyEncryption } from './key-encryption.js'
import type { OpenedStore } from './open-store.js'

export interface OpenedCustody {
  readonly custody: KeyCustody
  /** Where the key-encryption key comes from, in a sentence. */
  readonly keySource: string
}

/**
 * The custody over the sealed keys of a store.
 *
 * @param keyFile of the key-encryption key; absent: from the environment or the default file
 * @throws {CommandError} the key-encryption key is lost, or is another
 */
export async function openCustody(
  { place, keys }: OpenedStore,
  keyFile: string | undefined,
): Promise<OpenedCustody> {
  if (keys === undefined) return { custody: memoryCustody(), keySource: 'this process' }
  const { key, source, isNew } = await keyEncryption(place, keys, keyFile)
  if (isNew) {
    note(`made ${source}, which opens the CA keys of this store; keep a copy of it, apart from the store`)
  }
  return { custody: sealedCustody({ keys, keyEncryptionKey: key }), keySource: source }
}
