import { PkiError, type Random } from '@certwright/core'
import { scryptAsync } from '@noble/hashes/scrypt.js'
import { decrypt, encrypt, importAesKey, nonceLength, type Octets, tagLength } from './aes-gcm.js'

/*
 * A private key under a passphrase, as bytes that may be stored anywhere.
 *
 *   offset  octets
 *        0       4  "CWSK", Certwright sealed key
 *        4       1  version: 1 is scrypt (RFC 7914) and AES-256-GCM (NIST SP 800-38D)
 *        5       1  log2 of N  \
 *        6       1  r           | the cost of scrypt
 *        7       1  p          /
 *        8      16  salt
 *       24      12  nonce
 *       36       …  the PKCS#8 PrivateKeyInfo, encrypted, and the tag of 16 octets
 *
 * The binding of the bytes to their header and key id (aes-gcm.ts) is what the standard form, EncryptedPrivateKeyInfo of
 * RFC 5958, lacks. Another algorithm will be another version: a version has no choices.
 *
 * A fresh salt gives a fresh AES key with every sealing, so that a nonce cannot meet the same key twice.
 */

/** The work of deriving a key from a passphrase, in the names of RFC 7914 §2. It takes 128·N·r octets of memory. */
export interface ScryptCost {
  /** A power of two, from 2. */
  readonly N: number
  /** 1 to 255. */
  readonly r: number
  /** 1 to 16. */
  readonly p: number
}

/** OWASP Password Storage Cheat Sheet, scrypt: N = 2^17, r = 8, p = 1. It takes 128 MiB. */
export const defaultScryptCost: ScryptCost = { N: 2 ** 17, r: 8, p: 1 }

/** The most that N·r may be: 256 MiB, twice the default. Bounds what stored bytes can make us do. */
const maximumNr = 2 ** 21
const maximumP = 16

/** In UTF-16 code units. Longer than any passphrase, and short enough that normalising one costs nothing. */
const maximumPassphraseLength = 1024

const magic = [0x43, 0x57, 0x53, 0x4b]
const version = 1
const headerLength = 36
const saltAt = 8
const nonceAt = headerLength - nonceLength

const utf8 = new TextEncoder()

/** What a sealed key is bound to, and what opens it. */
export interface SealLock {
  readonly keyId: string
  readonly passphrase: string
}

/**
 * @param request.pkcs8Der is left as it is: the caller overwrites it when done
 * @throws {RangeError} the passphrase is empty or longer than 1,024 characters
 */
export async function sealWithPassphrase(
  request: SealLock & { readonly pkcs8Der: Uint8Array; readonly cost: ScryptCost },
  random: Random,
): Promise<Uint8Array> {
  checkPassphraseLength(request.passphrase)
  const header = writeHeader(request.cost, random)
  const key = await deriveKey(request.passphrase, header)
  return encrypt(key, request.pkcs8Der, { header, keyId: request.keyId })
}

/**
 * @returns the PKCS#8 PrivateKeyInfo; the caller overwrites it when done
 * @throws {PkiError} `wrong_passphrase`: or the bytes were altered, which cannot be told apart;
 * `invalid_structure`: no sealed key, or of a version or cost that this release does not open
 */
export async function openWithPassphrase(sealed: Uint8Array, lock: SealLock): Promise<Uint8Array> {
  const header = readHeader(sealed)
  if (!hasPassphraseLength(lock.passphrase)) throw wrongPassphrase(lock.keyId)
  const key = await deriveKey(lock.passphrase, header)
  const pkcs8Der = await decrypt(key, sealed, { header, keyId: lock.keyId })
  if (pkcs8Der === undefined) throw wrongPassphrase(lock.keyId)
  return pkcs8Der
}

/** @throws {RangeError} scrypt cannot work with this cost, or it is beyond the bounds of the format */
export function checkScryptCost({ N, r, p }: ScryptCost): void {
  const log2N = Math.log2(N)
  if (Number.isInteger(log2N) && Number.isInteger(r) && Number.isInteger(p) && isAllowedCost(log2N, r, p))
    return
  throw new RangeError(
    `Cannot use scrypt cost N=${N}, r=${r}, p=${p}: N is a power of two from 2, r is 1 to 255, ` +
      `N·r at most ${maximumNr}, p is 1 to ${maximumP}`,
  )
}

/** @throws {RangeError} empty, or longer than 1,024 characters */
export function checkPassphraseLength(passphrase: string): void {
  if (hasPassphraseLength(passphrase)) return
  throw new RangeError(
    `Cannot seal key: a passphrase has 1 to ${maximumPassphraseLength} characters, not ${passphrase.length}`,
  )
}

const hasPassphraseLength = (passphrase: string): boolean =>
  passphrase.length >= 1 && passphrase.length <= maximumPassphraseLength

const isAllowedCost = (log2N: number, r: number, p: number): boolean =>
  log2N >= 1 && r >= 1 && r <= 255 && 2 ** log2N * r <= maximumNr && p >= 1 && p <= maximumP

function writeHeader({ N, r, p }: ScryptCost, random: Random): Octets {
  const header = new Uint8Array(headerLength)
  header.set([...magic, version, Math.log2(N), r, p])
  header.set(random.bytes(nonceAt - saltAt), saltAt)
  header.set(random.bytes(nonceLength), nonceAt)
  return header
}

function readHeader(sealed: Uint8Array): Octets {
  if (sealed.length < headerLength + tagLength) throw invalidSealedKey(0, `it has ${sealed.length} octets`)
  if (magic.some((octet, i) => sealed[i] !== octet))
    throw invalidSealedKey(0, 'it does not begin with "CWSK"')
  if (sealed[4] !== version) {
    throw invalidSealedKey(4, `its version is ${sealed[4]}, and this release reads version ${version}`)
  }
  const [log2N = 0, r = 0, p = 0] = sealed.subarray(5, saltAt)
  if (!isAllowedCost(log2N, r, p)) {
    throw invalidSealedKey(
      5,
      `its scrypt cost is N=2^${log2N}, r=${r}, p=${p}, beyond what this release allows`,
    )
  }
  return Uint8Array.from(sealed.subarray(0, headerLength))
}

/**
 * The passphrase is normalised to NFKC (NIST SP 800-63B §5.1.1.2), so that it does not matter which keyboard wrote it.
 */
async function deriveKey(passphrase: string, header: Octets): Promise<CryptoKey> {
  const [log2N = 0, r = 0, p = 0] = header.subarray(5, saltAt)
  const password = utf8.encode(passphrase.normalize('NFKC'))
  const salt = header.subarray(saltAt, nonceAt)
  // scryptAsync returns to the event loop every 10 ms.
  const raw = await scryptAsync(password, salt, { N: 2 ** log2N, r, p, dkLen: 32 })
  password.fill(0)
  return importAesKey(raw)
}

function wrongPassphrase(keyId: string): PkiError<'wrong_passphrase'> {
  return new PkiError('wrong_passphrase', 'Cannot open key: the passphrase is wrong', { keyId })
}

function invalidSealedKey(offset: number, state: string): PkiError<'invalid_structure'> {
  return new PkiError('invalid_structure', `Cannot read sealed key: ${state}`, {
    structure: 'SealedKey',
    offset,
  })
}
