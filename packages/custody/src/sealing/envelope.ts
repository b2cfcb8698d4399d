import { PkiError, type Random } from '@certwright/core'
import { decrypt, encrypt, importAesKey, nonceLength, type Octets, tagLength } from './aes-gcm.js'

/*
 * Envelopes: a private key under a data key of its own, and the data key under a key-encryption key. Changing the
 * key-encryption key rewrites the small envelope and never the private key.
 *
 *   offset  octets
 *        0       4  "CWSK", a private key under a data key, or "CWDK", a data key under a key-encryption key
 *        4       1  version: 2 of CWSK (1 is the form under a passphrase), 1 of CWDK
 *        5      12  nonce
 *       17       …  the PKCS#8 PrivateKeyInfo, or the 32 octets of the data key, encrypted, and the tag of 16 octets
 *
 * A data key encrypts once, so its nonce cannot come twice. A key-encryption key encrypts once for each CA key and
 * rewrapping; random nonces are good for 2^32 uses of one key (NIST SP 800-38D §8.3).
 */

const forms = {
  privateKey: { magic: [0x43, 0x57, 0x53, 0x4b], version: 2, structure: 'SealedKey' },
  dataKey: { magic: [0x43, 0x57, 0x44, 0x4b], version: 1, structure: 'WrappedDataKey' },
} as const

type Form = keyof typeof forms

const headerLength = 5 + nonceLength
export const dataKeyLength = 32

/** @param plain is left as it is: the caller overwrites it when done */
export function sealEnvelope(
  form: Form,
  key: CryptoKey,
  content: { readonly keyId: string; readonly plain: Uint8Array },
  random: Random,
): Promise<Uint8Array> {
  const { magic, version } = forms[form]
  const header = Uint8Array.of(...magic, version, ...random.bytes(nonceLength))
  return encrypt(key, content.plain, { header, keyId: content.keyId })
}

/**
 * @returns what was sealed, for the caller to overwrite when done
 * @throws {PkiError} `custody_unavailable`, not retryable: the bytes are damaged, or of a later release
 */
export async function openEnvelope(
  form: Form,
  key: CryptoKey,
  content: { readonly keyId: string; readonly sealed: Uint8Array },
): Promise<Uint8Array> {
  const header = readHeader(form, content)
  const plain = await decrypt(key, content.sealed, { header, keyId: content.keyId })
  if (plain === undefined) throw damaged(form, content.keyId, 'it was altered, or belongs to another key')
  return plain
}

/** A data key as bytes, for the time that `use` takes, and as a key that encrypts. */
export async function importDataKey(dataKey: Uint8Array, keyId: string): Promise<CryptoKey> {
  if (dataKey.length === dataKeyLength) return importAesKey(dataKey)
  throw damaged('dataKey', keyId, `it has ${dataKey.length} octets instead of ${dataKeyLength}`)
}

function readHeader(form: Form, { keyId, sealed }: { keyId: string; sealed: Uint8Array }): Octets {
  const { magic, version } = forms[form]
  if (sealed.length < headerLength + tagLength) throw damaged(form, keyId, `it has ${sealed.length} octets`)
  if (magic.some((octet, i) => sealed[i] !== octet)) throw damaged(form, keyId, 'it is of another form')
  if (sealed[4] !== version) {
    throw damaged(form, keyId, `its version is ${sealed[4]}, and this release reads version ${version}`)
  }
  return Uint8Array.from(sealed.subarray(0, headerLength))
}

function damaged(form: Form, keyId: string, state: string): PkiError<'custody_unavailable'> {
  return new PkiError(
    'custody_unavailable',
    `Cannot open key ${keyId}: its ${forms[form].structure} cannot be read (${state}); restore the key store from a backup`,
    { retryable: false },
  )
}
