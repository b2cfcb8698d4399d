import { encode, octetString } from '../asn1/der-writer.js'
import { equalInConstantTime, utf8Encode } from '../encoding/bytes.js'
import type { KeyAlgorithm, WholeMessageAlgorithm } from './algorithm-names.js'
import { type WholeMessageRow, wholeMessageKeys } from './key-algorithms.js'
import { assertSignsWith } from './key-use.js'
import { hasConsistentT0 } from './ml-dsa-expanded-key.js'
import { mlDsaSeedForm, mlDsaSeedLength, readMlDsaPrivateKey } from './ml-dsa-private-key.js'
import { encodePkcs8, type PrivateKey, readEdDsaSeed } from './pkcs8.js'
import { invalidKey } from './private-key-error.js'
import type { GeneratedKeyPair, SignedMessage, SigningKey } from './provider.js'
import { encodePublicKey } from './public-key.js'

/*
 * What platforms lack, in JavaScript: Ed448, ML-DSA and SLH-DSA, by @noble/curves and @noble/post-quantum. They are
 * loaded when the first key needs them (some ten milliseconds), so that who has none does not pay for them.
 *
 * Contexts are empty (RFC 9881 §3, RFC 9909 §4); signing is hedged with randomness (FIPS 204 §3.4, FIPS 205 §9.2).
 * JavaScript cannot promise constant time: where signing can be timed from outside, use a platform that has ML-DSA.
 */

export type PortableAlgorithm = Exclude<WholeMessageAlgorithm, 'Ed25519'>

/** What the three modules have in common. */
interface Implementation {
  keygen(seed: Uint8Array): Pair
  getPublicKey(secretKey: Uint8Array): Uint8Array
  sign(message: Uint8Array, secretKey: Uint8Array): Uint8Array
  verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean
}

interface Pair {
  secretKey: Uint8Array
  publicKey: Uint8Array
}

const mlDsa = () => import('@noble/post-quantum/ml-dsa.js')
const slhDsa = () => import('@noble/post-quantum/slh-dsa.js')

const implementations: Readonly<Record<PortableAlgorithm, () => Promise<Implementation>>> = {
  Ed448: ed448,
  'ML-DSA-44': async () => (await mlDsa()).ml_dsa44,
  'ML-DSA-65': async () => (await mlDsa()).ml_dsa65,
  'ML-DSA-87': async () => (await mlDsa()).ml_dsa87,
  'SLH-DSA-SHA2-128s': async () => (await slhDsa()).slh_dsa_sha2_128s,
  'SLH-DSA-SHA2-128f': async () => (await slhDsa()).slh_dsa_sha2_128f,
  'SLH-DSA-SHA2-192s': async () => (await slhDsa()).slh_dsa_sha2_192s,
  'SLH-DSA-SHA2-192f': async () => (await slhDsa()).slh_dsa_sha2_192f,
  'SLH-DSA-SHA2-256s': async () => (await slhDsa()).slh_dsa_sha2_256s,
  'SLH-DSA-SHA2-256f': async () => (await slhDsa()).slh_dsa_sha2_256f,
  'SLH-DSA-SHAKE-128s': async () => (await slhDsa()).slh_dsa_shake_128s,
  'SLH-DSA-SHAKE-128f': async () => (await slhDsa()).slh_dsa_shake_128f,
  'SLH-DSA-SHAKE-192s': async () => (await slhDsa()).slh_dsa_shake_192s,
  'SLH-DSA-SHAKE-192f': async () => (await slhDsa()).slh_dsa_shake_192f,
  'SLH-DSA-SHAKE-256s': async () => (await slhDsa()).slh_dsa_shake_256s,
  'SLH-DSA-SHAKE-256f': async () => (await slhDsa()).slh_dsa_shake_256f,
}

/** RFC 8032 as OpenSSL reads it: what ZIP 215 would let pass besides is refused. */
async function ed448(): Promise<Implementation> {
  const { ed448 } = await import('@noble/curves/ed448.js')
  return {
    keygen: (seed) => ed448.keygen(seed),
    getPublicKey: (secretKey) => ed448.getPublicKey(secretKey),
    sign: (message, secretKey) => ed448.sign(message, secretKey),
    verify: (signature, message, publicKey) => ed448.verify(signature, message, publicKey, { zip215: false }),
  }
}

export const isPortable = (name: KeyAlgorithm): name is PortableAlgorithm =>
  Object.hasOwn(implementations, name)

export async function verifyPortably(name: PortableAlgorithm, signed: SignedMessage): Promise<boolean> {
  const implementation = await implementations[name]()
  try {
    return implementation.verify(signed.signature, signed.message, signed.publicKey.keyBits)
  } catch {
    return false // a signature of another length, a key that is no point
  }
}

/** @param randomBytes the platform's, as good as for any key */
export async function generatePortably(
  name: PortableAlgorithm,
  randomBytes: (length: number) => Uint8Array,
): Promise<GeneratedKeyPair> {
  const row = wholeMessageKeys[name]
  const implementation = await implementations[name]()
  const seed = randomBytes(seedLength(row))
  const { secretKey, publicKey } = implementation.keygen(seed)
  const content = privateKeyContent(row, row.family === 'ML-DSA' ? seed : secretKey)
  const pkcs8Der = encodePkcs8(row.identifierDer, content)
  for (const secret of [seed, secretKey, content]) secret.fill(0)
  return { spkiDer: encodePublicKey(row.identifierDer, publicKey), pkcs8Der }
}

/** FIPS 205 §9.1: SK.seed, SK.prf and PK.seed, of n octets each; PK.root follows from them. */
const slhDsaSeedLength = ({ privateKeyOctets }: WholeMessageRow): number => (privateKeyOctets / 4) * 3

function seedLength(row: WholeMessageRow): number {
  switch (row.family) {
    case 'EdDSA':
      return row.privateKeyOctets
    case 'ML-DSA':
      return mlDsaSeedLength
    case 'SLH-DSA':
      return slhDsaSeedLength(row)
  }
}

function privateKeyContent({ family }: WholeMessageRow, secret: Uint8Array): Uint8Array {
  switch (family) {
    case 'EdDSA':
      return encode(octetString(secret))
    case 'ML-DSA':
      return mlDsaSeedForm(secret)
    case 'SLH-DSA':
      return secret
  }
}

/**
 * The key of `privateKey`, whose parts are proved to belong together; nothing of its bytes is kept.
 *
 * @throws {PkiError} `invalid_key`: they contradict each other
 */
export async function importPortably(name: PortableAlgorithm, privateKey: PrivateKey): Promise<SigningKey> {
  const row = wholeMessageKeys[name]
  const implementation = await implementations[name]()
  const pair = await expand(privateKey.content, row, implementation)
  if (pair === undefined) throw invalidKey('its parts contradict each other', name)
  const { secretKey, publicKey } = pair
  return {
    keyAlgorithm: name,
    spkiDer: encodePublicKey(row.identifierDer, publicKey),
    sign(algorithm, message) {
      assertSignsWith(row.signatureAlgorithms, algorithm)
      return implementation.sign(message, secretKey)
    },
  }
}

/** @returns `undefined` where the parts of the key contradict each other */
async function expand(
  content: Uint8Array,
  row: WholeMessageRow,
  implementation: Implementation,
): Promise<Pair | undefined> {
  switch (row.family) {
    case 'EdDSA': {
      const secretKey = readEdDsaSeed(content).slice()
      return { secretKey, publicKey: implementation.getPublicKey(secretKey) }
    }
    case 'ML-DSA': {
      const { seed, expandedKey } = readMlDsaPrivateKey(content, row)
      if (seed === undefined) {
        const secretKey = (expandedKey as Uint8Array).slice()
        if (!(await hasConsistentT0(row.name, secretKey))) return undefined
        return selfConsistent(secretKey, implementation)
      }
      const pair = implementation.keygen(seed)
      const isSame = expandedKey === undefined || equalInConstantTime(expandedKey, pair.secretKey)
      return isSame ? pair : undefined
    }
    case 'SLH-DSA': {
      // To sign, and see it by that, would take seconds.
      const pair = implementation.keygen(content.subarray(0, slhDsaSeedLength(row)))
      return equalInConstantTime(content, pair.secretKey) ? pair : undefined
    }
  }
}

/** RFC 9881 §8.2 and appendix C.4: without a seed the other parts are seen to agree by using them. */
function selfConsistent(secretKey: Uint8Array, implementation: Implementation): Pair | undefined {
  const message = utf8Encode('Certwright: do the parts of this key agree?')
  try {
    const publicKey = implementation.getPublicKey(secretKey)
    const signature = implementation.sign(message, secretKey)
    return implementation.verify(signature, message, publicKey) ? { secretKey, publicKey } : undefined
  } catch {
    return undefined // coefficients that no key has (FIPS 204 §7.2, algorithm 25)
  }
}
