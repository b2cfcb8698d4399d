/*
 * AES-256-GCM (NIST SP 800-38D) in the one form that all sealed bytes have: a header, whose last 12 octets are the nonce,
 * and behind it the ciphertext and the tag of 16 octets. The associated data is the header and behind it the id of the
 * private key in UTF-8: no octet can be changed unnoticed, and bytes that were stored under one key id do not open under
 * another.
 */

export const nonceLength = 12
export const tagLength = 16

/** Bytes that WebCrypto takes. Ours never lie in a SharedArrayBuffer; a copy would be one more to overwrite. */
export type Octets = Uint8Array<ArrayBuffer>
export const unshared = (bytes: Uint8Array): Octets => bytes as Octets

/** @param raw 32 octets, overwritten here */
export async function importAesKey(raw: Uint8Array): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey('raw', unshared(raw), 'AES-GCM', false, ['encrypt', 'decrypt'])
  } finally {
    raw.fill(0)
  }
}

/**
 * @param header its nonce meets the key here for the first time
 * @param plain is left as it is: the caller overwrites it when done
 */
export async function encrypt(
  key: CryptoKey,
  plain: Uint8Array,
  binding: { readonly header: Octets; readonly keyId: string },
): Promise<Uint8Array> {
  const encrypted = await crypto.subtle.encrypt(parameters(binding), key, unshared(plain))
  const sealed = new Uint8Array(binding.header.length + encrypted.byteLength)
  sealed.set(binding.header)
  sealed.set(new Uint8Array(encrypted), binding.header.length)
  return sealed
}

/** @returns `undefined` where the tag does not match: another key, another id, or altered bytes */
export async function decrypt(
  key: CryptoKey,
  sealed: Uint8Array,
  binding: { readonly header: Octets; readonly keyId: string },
): Promise<Uint8Array | undefined> {
  try {
    const encrypted = unshared(sealed.subarray(binding.header.length))
    return new Uint8Array(await crypto.subtle.decrypt(parameters(binding), key, encrypted))
  } catch (error) {
    // WebCrypto's name for a tag that does not match.
    if (error instanceof Error && error.name === 'OperationError') return undefined
    throw error
  }
}

const utf8 = new TextEncoder()

const parameters = ({ header, keyId }: { header: Octets; keyId: string }): AesGcmParams => ({
  name: 'AES-GCM',
  iv: header.subarray(-nonceLength),
  additionalData: Uint8Array.of(...header, ...utf8.encode(keyId)),
  tagLength: tagLength * 8,
})
