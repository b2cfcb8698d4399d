import {
  type CryptoProvider,
  PkiError,
  platformCrypto,
  type SealedKey,
  type SigningKey,
} from '@certwright/core'
import { askKeyEncryptionKey, type KeyEncryptionKey } from './key-encryption-key.js'
import { importDataKey, openEnvelope } from './sealing/envelope.js'

/**
 * Open a key that lies in an envelope.
 *
 * @throws {PkiError} `custody_unavailable`: it is under another key-encryption key, its bytes are damaged, or the
 * key-encryption key does not answer; only the last may be tried again
 */
export async function openKeyInEnvelope(
  key: SealedKey,
  keyEncryptionKeys: readonly KeyEncryptionKey[],
  crypto: CryptoProvider,
): Promise<SigningKey> {
  const { keyId, sealed, wrappedDataKey } = key
  const kek = keyEncryptionKeys.find(({ id }) => id === key.kekId)
  if (kek === undefined || wrappedDataKey === undefined) throw wrongKeyEncryptionKey(key, keyEncryptionKeys)
  const dataKey = await askKeyEncryptionKey('open key', () => kek.unwrap(wrappedDataKey, keyId))
  const pkcs8Der = await openEnvelope('privateKey', await importDataKey(dataKey, keyId), { keyId, sealed })
  try {
    return await importMatchingKey(key, pkcs8Der, crypto)
  } finally {
    pkcs8Der.fill(0)
  }
}

/**
 * Import a private key that belongs to the public key beside it, which the seal does not cover.
 *
 * @throws {PkiError} `custody_unavailable`: it belongs to another
 */
export async function importMatchingKey(
  { keyId, spkiDer }: SealedKey,
  pkcs8Der: Uint8Array,
  crypto: CryptoProvider,
): Promise<SigningKey> {
  const key = await crypto.importSigningKey(pkcs8Der)
  const isSame =
    key.spkiDer.length === spkiDer.length && spkiDer.every((octet, i) => octet === key.spkiDer[i])
  if (isSame) return key
  throw new PkiError(
    'custody_unavailable',
    `Cannot open key ${keyId}: the public key in the key store is that of another; restore the key store from a backup`,
    { retryable: false },
  )
}

/**
 * Whether a key could sign, without a signature. Of a key under a passphrase nothing can be told, and it passes.
 *
 * @throws {PkiError} `custody_unavailable`: why it could not
 */
export async function checkSealedKey(
  key: SealedKey,
  keyEncryptionKeys: readonly KeyEncryptionKey[],
): Promise<void> {
  if (key.wrappedDataKey !== undefined) await openKeyInEnvelope(key, keyEncryptionKeys, platformCrypto)
}

function wrongKeyEncryptionKey(
  { keyId, kekId }: SealedKey,
  given: readonly KeyEncryptionKey[],
): PkiError<'custody_unavailable'> {
  const state =
    given.length === 0 ? 'none was given' : `the one given is ${given.map(({ id }) => id).join(', ')}`
  return new PkiError(
    'custody_unavailable',
    `Cannot open key ${keyId}: it is under key-encryption key ${kekId}, and ${state}; give the one that it was made under`,
    { retryable: false },
  )
}
