import type { KeyAlgorithm } from '../crypto/algorithm-names.js'

/*
 * Where the private keys of CAs lie at rest. A store keeps bytes that are sealed already: it cannot open them, and who
 * steals it has nothing without the passphrase or the key-encryption key, which are kept elsewhere.
 *
 * What every adapter MUST keep:
 * - A promise that resolves means durable: a CA whose key is lost is lost for good.
 * - Bytes, times (whole seconds, UTC) and absence (`undefined`) come back as they went in.
 * - No driver error escapes: `storage_conflict` or `storage_unavailable`, with the driver's error as `cause`.
 */

/** A private key at rest. Bytes are opaque to the store; their formats say their version themselves. */
export interface SealedKey {
  readonly keyId: string
  readonly keyAlgorithm: KeyAlgorithm
  /** SubjectPublicKeyInfo, DER. */
  readonly spkiDer: Uint8Array
  /** The private key, encrypted: under a passphrase where `wrappedDataKey` is absent, else under the data key. */
  readonly sealed: Uint8Array
  /** The data key of this one private key, encrypted under the key-encryption key. Comes with `kekId`. */
  readonly wrappedDataKey?: Uint8Array
  /** The name of the key-encryption key. It is no secret. 1 to 256 characters. */
  readonly kekId?: string
  readonly createdAt: Date
}

/** Another wrapping of a data key that stays the same. */
export interface Rewrapping {
  /** The wrapped data key as the caller read it. */
  readonly from: Uint8Array
  readonly wrappedDataKey: Uint8Array
  readonly kekId: string
}

export interface SealedKeyStore {
  /** @throws {PkiError} `storage_conflict` / `key_id`: a key has this id already, and it stays as it is */
  insertKey(key: SealedKey): Promise<void>
  findKey(keyId: string): Promise<SealedKey | undefined>
  /**
   * Every key that was there at the start, in the order of the ids. A key that is inserted or deleted meanwhile may come
   * or not; a consumer may call the other methods while it reads.
   */
  listKeys(): AsyncIterable<SealedKey>
  /**
   * Compare-and-set: the wrapping is replaced if it is still `from`. The sealed key itself is never changed.
   *
   * @returns false, and nothing is written, where there is no such key or its wrapping is another
   */
  rewrapKey(keyId: string, change: Rewrapping): Promise<boolean>
  /** An unknown id is no error. */
  deleteKey(keyId: string): Promise<void>
}
