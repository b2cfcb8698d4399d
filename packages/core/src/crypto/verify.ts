import { PkiError } from '../errors/pki-error.js'
import type { CryptoProvider, MaybePromise, SignedMessage } from './provider.js'
import type { PublicKey } from './public-key.js'
import type { SignatureScheme } from './signature-algorithms.js'

/**
 * Whether a signature is by a key. It says nothing of whether the key is strong, valid or trusted.
 *
 * The algorithm that a message names must be one for the key at hand: whoever could let the name choose how a key is
 * read could turn one key type into another.
 *
 * @returns false where the signature does not verify or is malformed
 * @throws {PkiError} `unsupported_algorithm`: not for this type of key, or not with its parameters (RFC 4055 §3.3)
 * @throws {PkiError} `invalid_key`: the key is none, such as a point that is not on its curve
 */
export function verifySignature(provider: CryptoProvider, signed: SignedMessage): MaybePromise<boolean> {
  const { algorithm, publicKey } = signed
  if (verifiesWith(publicKey, algorithm)) return hasSignatureLength(signed) && provider.verify(signed)
  throw new PkiError(
    'unsupported_algorithm',
    `Cannot verify signature: it claims ${algorithm.name}, and the key is ${described(publicKey)}`,
    { algorithm: algorithm.name },
  )
}

/**
 * RFC 8017 §8.1.2 and §8.2.2, step 1: an RSA signature is as long as the modulus. OpenSSL, and so Node, also takes one
 * whose leading zeros were cut off, which would give one signed certificate in 256 a second form.
 */
function hasSignatureLength({ publicKey, signature }: SignedMessage): boolean {
  return !('modulus' in publicKey) || signature.length === publicKey.modulus.length
}

/** Whether signatures by this key can have been made so. */
export function verifiesWith(key: PublicKey, scheme: SignatureScheme): boolean {
  switch (key.family) {
    case 'RSA':
    case 'ECDSA':
      return scheme.family === key.family
    case 'RSA-PSS': {
      if (scheme.family !== 'RSA' || scheme.padding !== 'pss') return false
      if (key.pssParameters === undefined) return true
      const { digest, maskDigest, saltLength } = key.pssParameters
      return scheme.digest === digest && scheme.maskDigest === maskDigest && scheme.saltLength >= saltLength
    }
    default:
      return scheme.name === key.keyAlgorithm
  }
}

function described(key: PublicKey): string {
  const name = key.keyAlgorithm ?? key.family
  if (key.family !== 'RSA-PSS' || key.pssParameters === undefined) return name
  const { digest, maskDigest, saltLength } = key.pssParameters
  return `${name} for ${digest}, MGF1 with ${maskDigest} and salts of ${saltLength} octets or more`
}
