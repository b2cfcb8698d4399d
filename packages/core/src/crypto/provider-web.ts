import { PkiError } from '../errors/pki-error.js'
import type { KeyAlgorithm } from './algorithm-names.js'
import { ecdsaSignatureFromRaw, ecdsaSignatureToRaw } from './ecdsa-signature.js'
import { type KeyAlgorithmRow, keyAlgorithms, rsaKeyIdentifierDer } from './key-algorithms.js'
import { assertPair, assertSignsWith, signatureAlgorithmsOf } from './key-use.js'
import { encodePkcs8, parsePrivateKey, type PrivateKey } from './pkcs8.js'
import { generatePortably, importPortably, isPortable, verifyPortably } from './portable-keys.js'
import type { CryptoProvider, GeneratedKeyPair, SignedMessage, SigningKey } from './provider.js'
import { encodePublicKey, parsePublicKey, type PublicKey } from './public-key.js'
import { hasOtherMaskDigest, verifyPss } from './rsa-pss-verify.js'
import { type SignatureScheme, signatureAlgorithms } from './signature-algorithms.js'

/*
 * WebCrypto. It binds a digest to an RSA key when the key is imported, knows no id-RSASSA-PSS, and takes ECDSA signatures
 * as r and s side by side; this file hides all three. No browser has Ed448, ML-DSA or SLH-DSA: those run in JavaScript.
 */

/** The platform's own cryptography: WebCrypto. */
export const platformCrypto: CryptoProvider = {
  digest: async (algorithm, message) => new Uint8Array(await subtle().digest(algorithm, webBytes(message))),
  verify: verifySignatureValue,
  generateKeyPair,
  importSigningKey,
}

/** Late, so that importing this file needs no WebCrypto; browsers have it in secure contexts only. */
function subtle(): SubtleCrypto {
  return globalThis.crypto.subtle
}

/** WebCrypto's types refuse views on shared memory, and so would it; ours do not tell the two apart. */
const webBytes = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => bytes as Uint8Array<ArrayBuffer>

async function verifySignatureValue(signed: SignedMessage): Promise<boolean> {
  const { algorithm, publicKey, message, signature } = signed
  const { keyAlgorithm } = publicKey
  if (keyAlgorithm !== undefined && isPortable(keyAlgorithm)) return verifyPortably(keyAlgorithm, signed)
  if (hasOtherMaskDigest(algorithm)) return verifyPss(algorithm, signed)
  const key = await importPublicKey(publicKey, algorithm)
  const value = publicKey.family === 'ECDSA' ? rawSignature(publicKey.keyAlgorithm, signature) : signature
  if (value === undefined || !hasRoomForSalt(publicKey, algorithm)) return false
  return subtle().verify(useParameters(algorithm), key, webBytes(value), webBytes(message))
}

async function importPublicKey(publicKey: PublicKey, scheme: SignatureScheme): Promise<CryptoKey> {
  const { family, keyAlgorithm, keyBits, spkiDer } = publicKey
  const plainDer = family === 'RSA-PSS' ? encodePublicKey(rsaKeyIdentifierDer, keyBits) : spkiDer
  const parameters = keyParameters(scheme, keyAlgorithm)
  try {
    return await subtle().importKey('spki', webBytes(plainDer), parameters, false, ['verify'])
  } catch (cause) {
    const message = 'Cannot use public key: the key is not valid for its algorithm'
    throw new PkiError('invalid_key', message, {}, { cause })
  }
}

/** RFC 8017 §9.1.2 step 3: a salt that the modulus has no room for makes a signature invalid, not an exception. */
function hasRoomForSalt(key: PublicKey, scheme: SignatureScheme): boolean {
  if (scheme.family !== 'RSA' || scheme.padding !== 'pss') return true
  const digestOctets = Number(scheme.digest.slice('SHA-'.length)) / 8
  return Math.ceil((key.bits - 1) / 8) >= digestOctets + scheme.saltLength + 2
}

function rawSignature(keyAlgorithm: KeyAlgorithm, signatureDer: Uint8Array): Uint8Array | undefined {
  const row = keyAlgorithms[keyAlgorithm]
  return row.family === 'ECDSA' ? ecdsaSignatureToRaw(signatureDer, row.coordinateOctets) : undefined
}

const randomOctets = (length: number): Uint8Array => globalThis.crypto.getRandomValues(new Uint8Array(length))

async function generateKeyPair(algorithm: KeyAlgorithm): Promise<GeneratedKeyPair> {
  if (isPortable(algorithm)) return generatePortably(algorithm, randomOctets)
  const row = keyAlgorithms[algorithm]
  const pair = (await subtle().generateKey(generationParameters(row), true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair
  const [spki, pkcs8] = await Promise.all([
    subtle().exportKey('spki', pair.publicKey),
    subtle().exportKey('pkcs8', pair.privateKey),
  ])
  const made = { spkiDer: new Uint8Array(spki), pkcs8Der: new Uint8Array(pkcs8) }
  return row.family === 'RSA-PSS' ? underPss(made, row) : made
}

/** The same key under id-RSASSA-PSS. */
function underPss(
  { spkiDer, pkcs8Der }: GeneratedKeyPair,
  { identifierDer }: KeyAlgorithmRow,
): GeneratedKeyPair {
  const pair = {
    spkiDer: encodePublicKey(identifierDer, parsePublicKey(spkiDer).keyBits),
    pkcs8Der: encodePkcs8(identifierDer, parsePrivateKey(pkcs8Der).content),
  }
  pkcs8Der.fill(0)
  return pair
}

function generationParameters(row: KeyAlgorithmRow): RsaHashedKeyGenParams | EcKeyGenParams | Algorithm {
  const parameters = keyParameters(signatureAlgorithms[row.defaultSignatureAlgorithm], row.name)
  if (row.family !== 'RSA' && row.family !== 'RSA-PSS') return parameters
  return { ...parameters, modulusLength: row.bits, publicExponent: Uint8Array.of(1, 0, 1) }
}

async function importSigningKey(pkcs8Der: Uint8Array): Promise<SigningKey> {
  const parsed = parsePrivateKey(pkcs8Der)
  const keyAlgorithm = parsed.row.name
  if (isPortable(keyAlgorithm)) return importPortably(keyAlgorithm, parsed)
  const spkiDer = await spkiOf(parsed)
  const allowed = signatureAlgorithmsOf(parsePublicKey(spkiDer))
  const keys = new Map<string, CryptoKey>()
  for (const name of allowed) keys.set(name, await importPrivateKey(parsed, signatureAlgorithms[name], false))
  const signingKey: SigningKey = {
    keyAlgorithm,
    spkiDer,
    async sign(algorithm, message) {
      assertSignsWith(allowed, algorithm)
      const scheme = signatureAlgorithms[algorithm]
      const key = keys.get(algorithm) as CryptoKey // there is one for each that assertSignsWith passes
      const value = new Uint8Array(await subtle().sign(useParameters(scheme), key, webBytes(message)))
      return scheme.family === 'ECDSA' ? ecdsaSignatureFromRaw(value) : value
    },
  }
  await assertPair(platformCrypto, signingKey)
  return signingKey
}

async function importPrivateKey(
  { row, identifierDer, content }: PrivateKey,
  scheme: SignatureScheme,
  isExtractable: boolean,
): Promise<CryptoKey> {
  const plainDer = encodePkcs8(row.family === 'RSA-PSS' ? rsaKeyIdentifierDer : identifierDer, content)
  const parameters = keyParameters(scheme, row.name)
  try {
    return await subtle().importKey('pkcs8', webBytes(plainDer), parameters, isExtractable, ['sign'])
  } catch (cause) {
    const message = 'Cannot use private key: it is not valid for its algorithm'
    throw new PkiError('invalid_key', message, {}, { cause })
  } finally {
    plainDer.fill(0)
  }
}

/** WebCrypto gives no public key for a private one; its JWK has both, and without the private members is the public. */
async function spkiOf(parsed: PrivateKey): Promise<Uint8Array> {
  const { row, identifierDer } = parsed
  const scheme = signatureAlgorithms[row.defaultSignatureAlgorithm]
  const privateKey = await importPrivateKey(parsed, scheme, true)
  const { kty, n, e, crv, x, y } = await subtle().exportKey('jwk', privateKey)
  const members = Object.entries({ kty, n, e, crv, x, y }).filter(([, value]) => value !== undefined)
  const publicJwk: JsonWebKey = Object.fromEntries(members)
  const parameters = keyParameters(scheme, row.name)
  const publicKey = await subtle().importKey('jwk', publicJwk, parameters, true, ['verify'])
  const spkiDer = new Uint8Array(await subtle().exportKey('spki', publicKey))
  return row.family === 'RSA-PSS' ? encodePublicKey(identifierDer, parsePublicKey(spkiDer).keyBits) : spkiDer
}

/** What WebCrypto must know of a key when it takes one in. */
function keyParameters(
  scheme: SignatureScheme,
  keyAlgorithm: KeyAlgorithm | undefined,
): RsaHashedImportParams | EcKeyImportParams | Algorithm {
  switch (scheme.family) {
    case 'RSA':
      return { name: scheme.padding === 'pss' ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5', hash: scheme.digest }
    case 'ECDSA':
      return { name: 'ECDSA', namedCurve: curveOf(keyAlgorithm) }
    case 'wholeMessage':
      return { name: scheme.name } // Ed25519, the only one that is asked for
  }
}

function curveOf(keyAlgorithm: KeyAlgorithm | undefined): string {
  const row = keyAlgorithm && keyAlgorithms[keyAlgorithm]
  if (row?.family === 'ECDSA') return row.curve
  throw new TypeError('curveOf: expected an ECDSA key')
}

/** What WebCrypto must know of a signature when it makes or checks one. */
function useParameters(scheme: SignatureScheme): Algorithm | RsaPssParams | EcdsaParams {
  switch (scheme.family) {
    case 'RSA':
      return scheme.padding === 'pss'
        ? { name: 'RSA-PSS', saltLength: scheme.saltLength }
        : { name: 'RSASSA-PKCS1-v1_5' }
    case 'ECDSA':
      return { name: 'ECDSA', hash: scheme.digest }
    case 'wholeMessage':
      return { name: scheme.name } // Ed25519, the only one that is asked for
  }
}
