import {
  type CustodyKey,
  type KeyCustody,
  PkiError,
  privateKeyFrom,
  type SignRequest,
} from '@certwright/core'
import { type ForgeKey, forgeKey, type ForgeKeyAlgorithm } from '../forge/keys/forge-key.js'
import { importedKey } from '../forge/keys/imported-key.js'
import { type ForgeSignatureAlgorithm, signatureRows } from '../forge/keys/signature-algorithms.js'

/** Key algorithms of which a seed can make keys. */
const seeded: ReadonlySet<string> = new Set<ForgeKeyAlgorithm>([
  'ECDSA-P256',
  'ECDSA-P384',
  'ECDSA-P521',
  'Ed25519',
  'RSA-2048',
  'RSA-3072',
  'RSA-4096',
])

interface KeptKey {
  readonly key: ForgeKey
  readonly passphrase: string | undefined
}

/**
 * A custody in memory whose keys follow from a seed, in the order in which they are made, and whose signatures have no
 * randomness: with a seeded clock and seeded random bytes, an authority repeats its history byte for byte.
 *
 * For tests: whoever reads the seed has the keys, and an authority refuses profiles that are `forPublicTrust` over it.
 * EC, Ed25519 and RSA (PKCS #1) keys; the others are `unsupported_algorithm`.
 */
export function seededCustody(seed: string): KeyCustody {
  const keys = new Map<string, KeptKey>()
  let made = 0

  const keep = (key: ForgeKey, passphrase: string | undefined): CustodyKey => {
    const keyId = `seeded-${++made}`
    keys.set(keyId, { key, passphrase })
    // Too weak RSA is never kept, so that the name of the algorithm is one of the core's.
    return { keyId, spkiDer: key.spkiDer, keyAlgorithm: key.algorithm as CustodyKey['keyAlgorithm'] }
  }

  const unlocked = (keyId: string, passphrase: string | undefined): ForgeKey => {
    const kept = keys.get(keyId)
    if (kept === undefined) {
      throw new PkiError('custody_key_not_found', `Cannot use key: there is no key "${keyId}"`, { keyId })
    }
    if (kept.passphrase === undefined || kept.passphrase === passphrase) return kept.key
    throw passphrase === undefined
      ? new PkiError('passphrase_required', 'Cannot open key: it has a passphrase, and none was given', {
          keyId,
        })
      : new PkiError('wrong_passphrase', 'Cannot open key: the passphrase is wrong', { keyId })
  }

  return {
    isDeterministic: true,

    async generateKey({ keyAlgorithm, passphrase }) {
      if (!seeded.has(keyAlgorithm)) throw unsupported(keyAlgorithm)
      return keep(forgeKey(`${seed}/${made + 1}`, keyAlgorithm as ForgeKeyAlgorithm), passphrase)
    },

    async importKey({ pkcs8Der, passphrase }) {
      const key = importedKey(privateKeyFrom(pkcs8Der))
      if (key === undefined) throw unsupported('the algorithm of this key')
      return keep(key, passphrase)
    },

    async sign({ keyId, algorithm, message, passphrase }: SignRequest) {
      const key = unlocked(keyId, passphrase)
      if (!Object.hasOwn(signatureRows, algorithm)) throw unsupported(algorithm)
      return key.sign(message, algorithm as ForgeSignatureAlgorithm)
    },

    async checkPassphrase({ keyId, passphrase }) {
      unlocked(keyId, passphrase)
    },

    async destroyKey(keyId) {
      keys.delete(keyId)
    },
  }
}

const unsupported = (algorithm: string): PkiError<'unsupported_algorithm'> =>
  new PkiError('unsupported_algorithm', `Cannot use seeded key: ${algorithm} is not supported`, { algorithm })
