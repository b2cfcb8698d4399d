import { utf8Encode } from '../encoding/bytes.js'
import { PkiError } from '../errors/pki-error.js'
import type { KeyAlgorithm, SignatureAlgorithm } from './algorithm-names.js'
import { keyAlgorithms } from './key-algorithms.js'
import type { CryptoProvider, SigningKey } from './provider.js'
import { parsePublicKey, type PublicKey } from './public-key.js'
import { signatureAlgorithms } from './signature-algorithms.js'
import { verifiesWith, verifySignature } from './verify.js'

/**
 * What a key may sign with; the first is what it signs with where nobody chose. That of its row, or less where an
 * id-RSASSA-PSS key says so (RFC 4055 §3.3).
 *
 * @throws {PkiError} `unsupported_algorithm`: nothing that we make
 */
export function signatureAlgorithmsOf(
  key: PublicKey,
): readonly [SignatureAlgorithm, ...SignatureAlgorithm[]] {
  const names = key.keyAlgorithm === undefined ? [] : keyAlgorithms[key.keyAlgorithm].signatureAlgorithms
  const [first, ...others] = names.filter((name) => verifiesWith(key, signatureAlgorithms[name]))
  if (first !== undefined) return [first, ...others]
  const algorithm = key.keyAlgorithm ?? `${key.family}-${key.bits}`
  const message = `Cannot sign with ${algorithm} key: its size or its parameters are not supported`
  throw new PkiError('unsupported_algorithm', message, { algorithm })
}

/**
 * What a key signs with where nobody chose.
 *
 * @throws {PkiError} `unsupported_algorithm`: an id-RSASSA-PSS key with parameters that leave nothing
 */
export function defaultSignatureAlgorithm(
  keyAlgorithm: KeyAlgorithm,
  spkiDer: Uint8Array,
): SignatureAlgorithm {
  const row = keyAlgorithms[keyAlgorithm]
  return row.family === 'RSA-PSS'
    ? signatureAlgorithmsOf(parsePublicKey(spkiDer))[0]
    : row.defaultSignatureAlgorithm
}

/** @throws {PkiError} `unsupported_algorithm`: this key does not sign with this algorithm */
export function assertSignsWith(allowed: readonly SignatureAlgorithm[], algorithm: SignatureAlgorithm): void {
  if (allowed.includes(algorithm)) return
  throw new PkiError(
    'unsupported_algorithm',
    `Cannot sign with ${algorithm}: this key signs with ${allowed.join(', ')}`,
    { algorithm },
  )
}

/**
 * Pairwise consistency (SP 800-56A §5.6.2.1.4): what the private half signs, the public half verifies. A private key may
 * carry a public key that belongs to another (RFC 5915 §3, RFC 5958 §2), and platforms believe it; an expanded ML-DSA
 * key may contradict itself (RFC 9881 appendix C.4).
 *
 * @throws {PkiError} `invalid_key`
 */
export async function assertPair(provider: CryptoProvider, key: SigningKey): Promise<void> {
  const publicKey = parsePublicKey(key.spkiDer)
  const [name] = signatureAlgorithmsOf(publicKey)
  const message = utf8Encode('Certwright: does this private key belong to this public key?')
  const signature = await key.sign(name, message)
  const signed = { algorithm: signatureAlgorithms[name], publicKey, message, signature }
  if (await verifySignature(provider, signed)) return
  throw new PkiError(
    'invalid_key',
    'Cannot use private key: its private and its public part do not belong together',
    { algorithm: key.keyAlgorithm },
  )
}
