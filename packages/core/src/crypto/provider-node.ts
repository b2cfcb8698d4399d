import {
  constants,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  hash,
  type JsonWebKeyInput,
  KeyObject,
  type PublicKeyInput,
  randomFillSync,
  sign,
  type SigningOptions,
  verify,
  webcrypto,
} from 'node:crypto'
import { promisify } from 'node:util'
import { PkiError } from '../errors/pki-error.js'
import type { DigestAlgorithm, KeyAlgorithm } from './algorithm-names.js'
import {
  type KeyAlgorithmRow,
  keyAlgorithms,
  rsaKeyIdentifierDer,
  type WholeMessageRow,
  wholeMessageKeys,
} from './key-algorithms.js'
import { assertPair, assertSignsWith, signatureAlgorithmsOf } from './key-use.js'
import { mlDsaSeedForm, mlDsaSeedLength } from './ml-dsa-private-key.js'
import { encodePkcs8, parsePrivateKey, type PrivateKey } from './pkcs8.js'
import {
  generatePortably,
  importPortably,
  isPortable,
  type PortableAlgorithm,
  verifyPortably,
} from './portable-keys.js'
import type { CryptoProvider, GeneratedKeyPair, MaybePromise, SignedMessage, SigningKey } from './provider.js'
import { type EcPublicKey, encodePublicKey, parsePublicKey, type PublicKey } from './public-key.js'
import { hasOtherMaskDigest, verifyPss } from './rsa-pss-verify.js'
import { type SignatureScheme, signatureAlgorithms } from './signature-algorithms.js'
import { ThreadChoice } from './thread-choice.js'

/*
 * node:crypto. Verifying with RSA and EdDSA is done at once, without a promise. What ECDSA verifies, and EC and EdDSA sign,
 * takes tens of microseconds: alone on the calling thread, among others in the thread pool (`ThreadChoice`). Signing with
 * RSA and generating keys take milliseconds to seconds and go there always. ML-DSA and SLH-DSA run in JavaScript where the
 * OpenSSL that Node is built with is older than 3.5.
 */

/** The platform's own cryptography: node:crypto. */
export const platformCrypto: CryptoProvider = {
  digest: (algorithm, message) => plainBytes(hash(digestNames[algorithm], message, 'buffer')),
  verify: verifyMessage,
  generateKeyPair: generatePair,
  importSigningKey,
}

const digestNames: Readonly<Record<DigestAlgorithm, string>> = {
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
}

/** A Buffer is a Uint8Array but for `slice`, `toString` and `toJSON`: no surprises leave this file. */
const plainBytes = (buffer: Buffer): Uint8Array =>
  new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)

const bufferOn = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

const threads = new ThreadChoice()

function verifyMessage(signed: SignedMessage): MaybePromise<boolean> {
  const { algorithm, publicKey } = signed
  const { keyAlgorithm } = publicKey
  if (keyAlgorithm !== undefined && needsJavaScript(keyAlgorithm)) return verifyPortably(keyAlgorithm, signed)
  if (hasOtherMaskDigest(algorithm)) return verifyPss(algorithm, signed)
  const key = importPublicKey(publicKey)
  return key instanceof Promise ? key.then((point) => verifyByPoint(point, signed)) : hasSigned(key, signed)
}

/** What OpenSSL calls an error is no signature either, such as PSS with a digest that does not fit the modulus. */
function hasSigned(key: KeyObject, { algorithm, message, signature }: SignedMessage): boolean {
  try {
    return verify(digestNameOf(algorithm), message, keyFor(algorithm, key), signature)
  } catch {
    return false
  }
}

function verifyByPoint(point: KeyObject, signed: SignedMessage): Promise<boolean> {
  const { algorithm, message, signature } = signed
  return threads.run(
    () => hasSigned(point, signed),
    () =>
      new Promise((resolve) => {
        verify(digestNameOf(algorithm), message, point, signature, (error, isValid) =>
          resolve(error === null && isValid),
        )
      }),
  )
}

const digestNameOf = (scheme: SignatureScheme): string | undefined =>
  scheme.family === 'wholeMessage' ? undefined : digestNames[scheme.digest]

/** ECDSA in DER, and the algorithms without options, are what node:crypto does with a bare key. */
function keyFor(scheme: SignatureScheme, key: KeyObject): KeyObject | (SigningOptions & { key: KeyObject }) {
  if (scheme.family !== 'RSA') return key
  return scheme.padding === 'pss'
    ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: scheme.saltLength }
    : { key, padding: constants.RSA_PKCS1_PADDING }
}

/**
 * OpenSSL 3 takes about 100 µs to find out what DER holds; as JWK a key is told in 6 µs (RSA, EdDSA), and a point of a
 * curve by WebCrypto in 45, with the same checks; it verifies sooner, too, than one that came as JWK.
 * A key under id-RSASSA-PSS is told as plain RSA: its restrictions are already checked.
 *
 * @throws {PkiError} `invalid_key`, or the promise rejects with it
 */
function importPublicKey(publicKey: PublicKey): MaybePromise<KeyObject> {
  if (publicKey.family === 'ECDSA') return importPoint(publicKey)
  try {
    return createPublicKey(publicKeyInput(publicKey))
  } catch (cause) {
    throw unusable(cause)
  }
}

async function importPoint({ curve, keyBits }: EcPublicKey): Promise<KeyObject> {
  const parameters = { name: 'ECDSA', namedCurve: curve }
  try {
    return KeyObject.from(await webcrypto.subtle.importKey('raw', keyBits, parameters, true, ['verify']))
  } catch (cause) {
    throw unusable(cause)
  }
}

function unusable(cause: unknown): PkiError<'invalid_key'> {
  const message = 'Cannot use public key: the key is not valid for its algorithm'
  return new PkiError('invalid_key', message, {}, { cause })
}

function publicKeyInput(key: Exclude<PublicKey, EcPublicKey>): JsonWebKeyInput | PublicKeyInput {
  switch (key.family) {
    case 'RSA':
    case 'RSA-PSS':
      return jwkInput({ kty: 'RSA', n: base64Url(key.modulus), e: base64Url(key.exponent) })
    case 'EdDSA':
      return jwkInput({ kty: 'OKP', crv: key.keyAlgorithm, x: base64Url(key.keyBits) })
    default:
      return spkiInput(key.spkiDer)
  }
}

const jwkInput = (key: JsonWebKeyInput['key']): JsonWebKeyInput => ({ format: 'jwk', key })

const spkiInput = (spkiDer: Uint8Array): PublicKeyInput => ({
  format: 'der',
  type: 'spki',
  key: bufferOn(spkiDer),
})

const base64Url = (bytes: Uint8Array): string => bufferOn(bytes).toString('base64url')

/** What this Node cannot do itself; found out once for each algorithm. */
const natively = new Map<KeyAlgorithm, boolean>()

function needsJavaScript(name: KeyAlgorithm): name is PortableAlgorithm {
  if (!isPortable(name)) return false
  const isNative = natively.get(name) ?? readsPublicKey(name)
  natively.set(name, isNative)
  return !isNative
}

/** A Node that has an algorithm reads its public keys and says of which type they are. Zeros are a key of each. */
function readsPublicKey(name: PortableAlgorithm): boolean {
  const { identifierDer, publicKeyOctets } = wholeMessageKeys[name]
  try {
    const key = createPublicKey(spkiInput(encodePublicKey(identifierDer, new Uint8Array(publicKeyOctets))))
    return (key.asymmetricKeyType as string | undefined) === name.toLowerCase()
  } catch {
    return false
  }
}

const publicKeyEncoding = { type: 'spki', format: 'der' } as const
const privateKeyEncoding = { type: 'pkcs8', format: 'der' } as const

/** `promisify` takes the last of its overloads, in which the keys are objects. */
const generate = promisify(generateKeyPair) as unknown as (
  type: string,
  options: object,
) => Promise<{ publicKey: Buffer; privateKey: Buffer }>

/** Not `randomBytes`, whose Buffers may share memory with others. */
const randomOctets = (length: number): Uint8Array => randomFillSync(new Uint8Array(length))

async function generatePair(algorithm: KeyAlgorithm): Promise<GeneratedKeyPair> {
  if (needsJavaScript(algorithm)) return generatePortably(algorithm, randomOctets)
  const { publicKey, privateKey } = await generateNatively(keyAlgorithms[algorithm])
  return { spkiDer: plainBytes(publicKey), pkcs8Der: plainBytes(privateKey) }
}

function generateNatively(row: KeyAlgorithmRow): Promise<{ publicKey: Buffer; privateKey: Buffer }> {
  const encodings = { publicKeyEncoding, privateKeyEncoding }
  switch (row.family) {
    case 'RSA':
      return generate('rsa', { modulusLength: row.bits, publicExponent: 65537, ...encodings })
    case 'RSA-PSS':
      return generate('rsa-pss', { modulusLength: row.bits, publicExponent: 65537, ...encodings })
    case 'ECDSA':
      return generate('ec', { namedCurve: row.curve, ...encodings })
    case 'ML-DSA':
      return Promise.resolve(pairFromSeed(row))
    case 'EdDSA':
    case 'SLH-DSA':
      return generate(row.name.toLowerCase(), encodings) // our names are Node's but for the case
  }
}

/** RFC 9881 §6: the seed alone is the form to write; Node would write seed and expanded key. */
function pairFromSeed({ identifierDer }: WholeMessageRow): { publicKey: Buffer; privateKey: Buffer } {
  const seed = randomOctets(mlDsaSeedLength)
  const content = mlDsaSeedForm(seed)
  const privateKey = bufferOn(encodePkcs8(identifierDer, content))
  const key = createPrivateKey({ key: privateKey, format: 'der', type: 'pkcs8' })
  seed.fill(0)
  content.fill(0)
  return { publicKey: createPublicKey(key).export(publicKeyEncoding), privateKey }
}

async function importSigningKey(pkcs8Der: Uint8Array): Promise<SigningKey> {
  const parsed = parsePrivateKey(pkcs8Der)
  const keyAlgorithm = parsed.row.name
  if (needsJavaScript(keyAlgorithm)) return importPortably(keyAlgorithm, parsed)
  const { privateKey, spkiDer } = importPrivateKey(parsed)
  const allowed = signatureAlgorithmsOf(parsePublicKey(spkiDer))
  const signingKey: SigningKey = {
    keyAlgorithm,
    spkiDer,
    sign(algorithm, message) {
      assertSignsWith(allowed, algorithm)
      return signWith(privateKey, signatureAlgorithms[algorithm], message)
    },
  }
  await assertPair(platformCrypto, signingKey)
  return signingKey
}

/** OpenSSL is told the bare key: a key under id-RSASSA-PSS as plain RSA, as in `publicKeyInput`. */
function importPrivateKey({ row, identifierDer, content }: PrivateKey): {
  privateKey: KeyObject
  spkiDer: Uint8Array
} {
  const isPss = row.family === 'RSA-PSS'
  const key = bufferOn(encodePkcs8(isPss ? rsaKeyIdentifierDer : identifierDer, content))
  try {
    const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' })
    const spkiDer = plainBytes(createPublicKey(privateKey).export(publicKeyEncoding))
    if (!isPss) return { privateKey, spkiDer }
    return { privateKey, spkiDer: encodePublicKey(identifierDer, parsePublicKey(spkiDer).keyBits) }
  } catch (cause) {
    const message = 'Cannot use private key: it is not valid for its algorithm'
    throw new PkiError('invalid_key', message, {}, { cause })
  } finally {
    key.fill(0)
  }
}

function signWith(key: KeyObject, scheme: SignatureScheme, message: Uint8Array): Promise<Uint8Array> {
  const digestName = digestNameOf(scheme)
  const input = keyFor(scheme, key)
  const elsewhere = (): Promise<Uint8Array> =>
    new Promise((resolve, reject) => {
      sign(digestName, message, input, (error, signature) => {
        if (error) reject(error)
        else resolve(plainBytes(signature))
      })
    })
  return scheme.family === 'RSA'
    ? elsewhere()
    : threads.run(() => plainBytes(sign(digestName, message, input)), elsewhere)
}
