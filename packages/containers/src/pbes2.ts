import { OctetString } from 'asn1js'
import { AlgorithmIdentifier, PBES2Params } from 'pkijs'
import { tooMuch, unreadable, unsupportedAlgorithm, wrongPassword } from './container-errors.js'
import { readAs } from './der.js'
import { type Derivation, deriveKey, newPbkdf2, octetsOf } from './key-derivation.js'
import { utf8Password } from './password.js'
import { decryptTripleDes } from './triple-des.js'
import { type WorkBudget, workBudget } from './work-budget.js'

/*
 * Encryption under a password (RFC 8018 §6.2): what encrypted PKCS#8 and PKCS#12 have in common.
 *
 * pkijs gives the structures; the cryptography is WebCrypto's, called from here. pkijs's own would take any iteration
 * count, fix the encoding of the password by what it was given, and report a wrong one as a plain Error.
 */

const pbes2Oid = '1.2.840.113549.1.5.13'

interface Cipher {
  readonly name: 'AES' | '3DES'
  readonly keyOctets: number
  readonly blockOctets: number
}

/** In CBC mode (RFC 8018 §B.2.2, §B.2.5), by OID. */
const ciphers: Readonly<Record<string, Cipher>> = {
  '1.2.840.113549.3.7': { name: '3DES', keyOctets: 24, blockOctets: 8 },
  '2.16.840.1.101.3.4.1.2': { name: 'AES', keyOctets: 16, blockOctets: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'AES', keyOctets: 24, blockOctets: 16 },
  '2.16.840.1.101.3.4.1.42': { name: 'AES', keyOctets: 32, blockOctets: 16 },
}
const aes256CbcOid = '2.16.840.1.101.3.4.1.42'

/** In iterations of PBKDF2: Triple DES is slow here (triple-des.ts). */
const workOfTripleDesOctet = 125

/** Longest ciphertext under 3DES, in octets: an RSA key of 8192 bits has 5 KB. */
const maximumTripleDes = 8_192

/** What is refused by its name: PBES1 (RFC 8018 §A.3), the schemes of PKCS#12 (RFC 7292 §C), ciphers of PBES2. */
const legacySchemes: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.5.1': 'pbeWithMD2AndDES-CBC',
  '1.2.840.113549.1.5.3': 'pbeWithMD5AndDES-CBC',
  '1.2.840.113549.1.5.4': 'pbeWithMD2AndRC2-CBC',
  '1.2.840.113549.1.5.6': 'pbeWithMD5AndRC2-CBC',
  '1.2.840.113549.1.5.10': 'pbeWithSHA1AndDES-CBC',
  '1.2.840.113549.1.5.11': 'pbeWithSHA1AndRC2-CBC',
  '1.2.840.113549.1.12.1.1': 'pbeWithSHAAnd128BitRC4',
  '1.2.840.113549.1.12.1.2': 'pbeWithSHAAnd40BitRC4',
  '1.2.840.113549.1.12.1.3': 'pbeWithSHAAnd3-KeyTripleDES-CBC',
  '1.2.840.113549.1.12.1.4': 'pbeWithSHAAnd2-KeyTripleDES-CBC',
  '1.2.840.113549.1.12.1.5': 'pbeWithSHAAnd128BitRC2-CBC',
  '1.2.840.113549.1.12.1.6': 'pbeWithSHAAnd40BitRC2-CBC',
  '1.2.840.113549.3.2': 'RC2-CBC',
  '1.3.14.3.2.7': 'DES-CBC',
}

export interface Sealed {
  readonly algorithm: AlgorithmIdentifier
  readonly ciphertext: Uint8Array<ArrayBuffer>
}

/** PBKDF2 with HMAC-SHA256, AES-256-CBC, a new salt and initialization vector. */
export async function seal(
  plaintext: Uint8Array<ArrayBuffer>,
  password: string,
  iterations: number,
): Promise<Sealed> {
  const keyDerivationFunc = newPbkdf2(iterations)
  const iv = crypto.getRandomValues(new Uint8Array(16))
  const encryptionScheme = new AlgorithmIdentifier({
    algorithmId: aes256CbcOid,
    algorithmParams: new OctetString({ valueHex: iv }),
  })
  const derivation = { structure: 'container', keyOctets: 32, budget: workBudget('container', {}) }
  const octets = await keyOf(keyDerivationFunc, password, derivation)
  const key = await aesKey(octets, 'encrypt', 'container').finally(() => octets.fill(0))
  const ciphertext = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-CBC', iv }, key, plaintext))
  const parameters = new PBES2Params({ keyDerivationFunc, encryptionScheme })
  return {
    algorithm: new AlgorithmIdentifier({ algorithmId: pbes2Oid, algorithmParams: parameters.toSchema() }),
    ciphertext,
  }
}

export interface Opening {
  /** In errors: `encrypted private key`, `PKCS#12`. */
  readonly structure: string
  /** How to convert what is encrypted as it was usual once, as the end of a sentence. */
  readonly legacyAdvice: string
  readonly budget: WorkBudget
}

/**
 * The plaintext; the caller overwrites it.
 *
 * @throws {PkiError} `wrong_password`: or the file is damaged, or about one time in 256 this is not seen here but in what
 * comes out: CBC has nothing but its padding to tell
 * @throws {PkiError} `unsupported_algorithm` | `invalid_structure` | `request_too_large`
 */
export async function open(
  sealed: Sealed,
  password: string,
  opening: Opening,
): Promise<Uint8Array<ArrayBuffer>> {
  const { algorithm, ciphertext } = sealed
  const { structure, budget } = opening
  if (algorithm.algorithmId !== pbes2Oid) throw unsupportedScheme(algorithm.algorithmId, opening)
  const { keyDerivationFunc, encryptionScheme } = readAs(PBES2Params, algorithm.algorithmParams, structure)
  const cipher = ciphers[encryptionScheme.algorithmId]
  if (cipher === undefined) throw unsupportedScheme(encryptionScheme.algorithmId, opening)
  const { keyOctets, blockOctets } = cipher
  const iv: unknown = encryptionScheme.algorithmParams
  if (!(iv instanceof OctetString) || iv.valueBlock.valueHexView.length !== blockOctets) {
    throw unreadable(structure, `its initialization vector is no string of ${blockOctets} octets`)
  }
  if (ciphertext.length === 0 || ciphertext.length % blockOctets !== 0) {
    throw unreadable(structure, `its ciphertext has ${ciphertext.length} octets, which are no whole blocks`)
  }
  if (cipher.name === '3DES') {
    if (ciphertext.length > maximumTripleDes)
      throw tooMuch(structure, 'octets under 3DES', { count: ciphertext.length, maximum: maximumTripleDes })
    budget.spend(workOfTripleDesOctet * ciphertext.length)
  }
  const key = await keyOf(keyDerivationFunc, password, { structure, keyOctets, budget })
  try {
    const plaintext =
      cipher.name === 'AES'
        ? await decryptAes(await aesKey(key, 'decrypt', structure), octetsOf(iv), ciphertext)
        : decryptTripleDes(key, octetsOf(iv), ciphertext)
    if (plaintext === undefined) throw wrongPassword(structure)
    return plaintext
  } finally {
    key.fill(0)
  }
}

async function keyOf(
  keyDerivationFunc: AlgorithmIdentifier,
  password: string,
  derivation: Derivation,
): Promise<Uint8Array<ArrayBuffer>> {
  const octets = utf8Password(password)
  return deriveKey(keyDerivationFunc, octets, derivation).finally(() => octets.fill(0))
}

async function aesKey(
  key: Uint8Array<ArrayBuffer>,
  usage: 'encrypt' | 'decrypt',
  structure: string,
): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey('raw', key, 'AES-CBC', false, [usage])
  } catch {
    // Chromium has no AES-192.
    const advice = 'this platform does not have it, use AES-256-CBC'
    throw unsupportedAlgorithm(structure, `AES-${8 * key.length}-CBC`, advice)
  }
}

async function decryptAes(
  key: CryptoKey,
  iv: Uint8Array<ArrayBuffer>,
  ciphertext: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-CBC', iv }, key, ciphertext))
  } catch {
    return undefined
  }
}

function unsupportedScheme(oid: string, { structure, legacyAdvice }: Opening): Error {
  const name = legacySchemes[oid]
  if (name === undefined)
    return unsupportedAlgorithm(structure, `encryption scheme ${oid}`, 'PBES2 with AES-CBC is')
  return unsupportedAlgorithm(structure, name, `it is outdated, ${legacyAdvice}`)
}
