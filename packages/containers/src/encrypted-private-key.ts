import { pemDecode, pemEncode, privateKeyFrom } from '@certwright/core'
import { type AsnType, Integer, OctetString, Sequence } from 'asn1js'
import { PKCS8ShroudedKeyBag } from 'pkijs'
import { wrongPassword } from './container-errors.js'
import { encodeDer, parseDer, readAs } from './der.js'
import { octetsOf } from './key-derivation.js'
import { checkNewPassword, checkPassword } from './password.js'
import { open, seal } from './pbes2.js'
import { type OpeningLimits, workBudget } from './work-budget.js'

/*
 * EncryptedPrivateKeyInfo (RFC 5958 §3): `-----BEGIN ENCRYPTED PRIVATE KEY-----`.
 *
 * The other encrypted form, a `RSA PRIVATE KEY` with the headers `Proc-Type` and `DEK-Info`, derives its key with one MD5
 * and is not read: the PEM reader refuses it and says how to convert it.
 */

/** PBKDF2-HMAC-SHA256 as OWASP asks for it (Password Storage Cheat Sheet, 2023). */
const iterations = 600_000

const structure = 'encrypted private key'
const legacyAdvice =
  'convert it with "openssl pkcs8 -topk8 -v2 aes-256-cbc -provider legacy -provider default -in OLD -out NEW"'

/** The same bytes twice: as they are, and as text. */
export interface Container {
  readonly der: Uint8Array
  readonly pem: string
}

/**
 * A private key encrypted under a password: PBES2, PBKDF2 with HMAC-SHA256 and 600,000 iterations, AES-256-CBC.
 *
 * @param privateKey PKCS#8, PKCS#1 or SEC 1, PEM or DER, not encrypted
 * @param password 1 to 1,024 characters, used as it is: not normalized
 * @throws {PkiError} `invalid_request`: the password
 * @throws {PkiError} `invalid_encoding` | `invalid_der` | `invalid_key` | `unsupported_algorithm` | `weak_key`: the key
 */
export async function encryptPrivateKey(
  privateKey: string | Uint8Array,
  password: string,
): Promise<Container> {
  checkNewPassword(password, 'encrypt private key')
  const pkcs8Der = ownPkcs8(privateKey)
  try {
    const der = await sealedKeyDer(pkcs8Der, password, iterations)
    return { der, pem: pemEncode('ENCRYPTED PRIVATE KEY', der) }
  } finally {
    pkcs8Der.fill(0)
  }
}

/**
 * The private key inside: PKCS#8 DER, which `importCa` and `pemEncode('PRIVATE KEY', …)` take. Its type is not looked
 * at. The caller overwrites it after use.
 *
 * Reads PBES2 with AES-128, -192 or -256-CBC, or with 3DES as `openssl req -newkey` writes it; PBKDF2 (HMAC with SHA-1,
 * SHA-256, SHA-384 or SHA-512) or scrypt (up to 128 MiB).
 *
 * @throws {PkiError} `wrong_password`: or the file is damaged
 * @throws {PkiError} `unsupported_algorithm`: PBES1, RC2 and other schemes of old; the message says how to convert
 * @throws {PkiError} `request_too_large`: it asks for more work than `maximumWork`, or for more memory
 * @throws {PkiError} `invalid_encoding` | `invalid_der` | `der_limit_exceeded` | `invalid_structure` | `invalid_request`
 */
export async function decryptPrivateKey(
  pemOrDer: string | Uint8Array,
  password: string,
  limits: OpeningLimits = {},
): Promise<Uint8Array> {
  checkPassword(password, 'decrypt private key')
  const budget = workBudget(structure, limits)
  const der = typeof pemOrDer === 'string' ? pemDecode(pemOrDer, 'ENCRYPTED PRIVATE KEY') : pemOrDer
  // A PKCS8ShroudedKeyBag is an EncryptedPrivateKeyInfo (RFC 7292 §4.2.2), for which pkijs has no class of its own.
  const key = readAs(PKCS8ShroudedKeyBag, parseDer(der, structure), structure)
  return openSealedKey(key, password, { structure, legacyAdvice, budget })
}

/** EncryptedPrivateKeyInfo, DER. */
export async function sealedKeyDer(
  pkcs8Der: Uint8Array<ArrayBuffer>,
  password: string,
  iterations: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const { algorithm, ciphertext } = await seal(pkcs8Der, password, iterations)
  const encryptedData = new OctetString({ valueHex: ciphertext })
  return encodeDer(new PKCS8ShroudedKeyBag({ encryptionAlgorithm: algorithm, encryptedData }).toSchema())
}

/** The PKCS#8 inside, checked to be one: that is how a wrong password shows where the padding happens to fit. */
export async function openSealedKey(
  { encryptionAlgorithm, encryptedData }: PKCS8ShroudedKeyBag,
  password: string,
  opening: Parameters<typeof open>[2],
): Promise<Uint8Array> {
  const sealed = { algorithm: encryptionAlgorithm, ciphertext: octetsOf(encryptedData) }
  const plaintext = await open(sealed, password, opening)
  if (isPrivateKey(plaintext)) return plaintext
  plaintext.fill(0)
  throw wrongPassword(opening.structure)
}

/** OneAsymmetricKey (RFC 5958 §2), both versions: pkijs's PrivateKeyInfo has no public key. */
function isPrivateKey(der: Uint8Array): boolean {
  let element: AsnType
  try {
    element = parseDer(der, structure)
  } catch {
    return false
  }
  const [version, algorithm, key] = element instanceof Sequence ? element.valueBlock.value : []
  return version instanceof Integer && algorithm instanceof Sequence && key instanceof OctetString
}

/** PKCS#8 in a buffer that is ours to overwrite. */
export function ownPkcs8(privateKey: string | Uint8Array): Uint8Array<ArrayBuffer> {
  const pkcs8Der = privateKeyFrom(privateKey)
  const own = Uint8Array.from(pkcs8Der)
  if (typeof privateKey === 'string') pkcs8Der.fill(0)
  return own
}
