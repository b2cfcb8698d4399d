import { isPkiError, PkiError, type Random } from '@certwright/core'
import { sha256 } from '@noble/hashes/sha2.js'
import { importAesKey } from './sealing/aes-gcm.js'
import { openEnvelope, sealEnvelope } from './sealing/envelope.js'

/**
 * What the data keys are encrypted under. It is kept apart from the key store: whoever has both has the private keys of
 * the CAs, and without it they are lost.
 *
 * `keyEncryptionKey` makes one of 32 octets. One that never leaves a KMS is an object of your own: `wrap` and `unwrap`
 * call it. What they throw reaches the caller as `custody_unavailable`, which may be tried again.
 */
export interface KeyEncryptionKey {
  /**
   * Kept beside each data key, so that a wrong key is told from damage. No secret, 1 to 256 characters; another key has
   * another id.
   */
  readonly id: string
  /**
   * @param dataKey 32 octets; overwritten when the promise settles, so keep no reference
   * @param keyId to bind the result to, where the KMS can (AWS: encryption context; GCP: additional authenticated data)
   * @returns any form that `unwrap` reads
   */
  wrap(dataKey: Uint8Array, keyId: string): Promise<Uint8Array>
  /** @returns the 32 octets, which the caller overwrites when done */
  unwrap(wrapped: Uint8Array, keyId: string): Promise<Uint8Array>
}

export const keyEncryptionKeyLength = 32

/**
 * A key-encryption key in the memory of this process.
 *
 * @param octets 32, from a generator and not from a person; copied, so overwrite yours
 * @throws {RangeError} not 32 octets
 */
export function keyEncryptionKey(octets: Uint8Array, random: Random = systemRandom): KeyEncryptionKey {
  if (octets.length !== keyEncryptionKeyLength) {
    throw new RangeError(
      `key-encryption key: expected ${keyEncryptionKeyLength} octets, got ${octets.length}`,
    )
  }
  const id = idOf(octets)
  const key = importAesKey(Uint8Array.from(octets))
  return {
    id,
    wrap: async (dataKey, keyId) => sealEnvelope('dataKey', await key, { keyId, plain: dataKey }, random),
    unwrap: async (sealed, keyId) => openEnvelope('dataKey', await key, { keyId, sealed }),
  }
}

export const systemRandom: Random = { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) }

/** A digest under a label of its own: 64 bits tell keys apart and say nothing of 256. */
function idOf(octets: Uint8Array): string {
  const label = new TextEncoder().encode('certwright key-encryption key id\0')
  const labelled = Uint8Array.of(...label, ...octets)
  const digest = sha256(labelled)
  labelled.fill(0)
  return Array.from(digest.subarray(0, 8), (octet) => octet.toString(16).padStart(2, '0')).join('')
}

/** Ask a key-encryption key, which may be far away. @throws {PkiError} `custody_unavailable` */
export async function askKeyEncryptionKey<T>(action: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (cause) {
    if (isPkiError(cause)) throw cause
    throw new PkiError(
      'custody_unavailable',
      `Cannot ${action}: the key-encryption key does not answer, try again later`,
      { retryable: true },
      { cause },
    )
  }
}
