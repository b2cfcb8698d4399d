import { type CryptoProvider, PkiError, platformCrypto } from '@certwright/core'
import { forgeKey, type ForgeKeyAlgorithm } from '../forge/keys/forge-key.js'

const forgeable: ReadonlySet<string> = new Set<ForgeKeyAlgorithm>([
  'ECDSA-P256',
  'ECDSA-P384',
  'ECDSA-P521',
  'Ed25519',
  'RSA-2048',
  'RSA-3072',
  'RSA-4096',
])

/** The platform's cryptography, but the key pairs of managed mode follow from a seed. For tests. */
export function seededCrypto(seed: string): CryptoProvider {
  let made = 0
  return {
    digest: (algorithm, message) => platformCrypto.digest(algorithm, message),
    verify: (signed) => platformCrypto.verify(signed),
    importSigningKey: (pkcs8Der) => platformCrypto.importSigningKey(pkcs8Der),
    async generateKeyPair(algorithm) {
      if (!forgeable.has(algorithm)) {
        throw new PkiError('unsupported_algorithm', `Cannot make seeded key: ${algorithm} is not supported`, {
          algorithm,
        })
      }
      const { spkiDer, pkcs8Der } = forgeKey(`${seed}/subscriber/${++made}`, algorithm as ForgeKeyAlgorithm)
      // A copy: whoever asked for the key wipes it when it has been handed out, and ours is kept.
      return { spkiDer, pkcs8Der: pkcs8Der.slice() }
    },
  }
}
