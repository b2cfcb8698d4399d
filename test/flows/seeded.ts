import { createHash } from 'node:crypto'
import { type CryptoProvider, type KeyCustody, platformCrypto, type Random } from '@certwright/core'
import { cheapCustody } from './setting.js'

/* Everything that is random elsewhere, from a seed: for tests that compare bytes, and for nothing else. */

const block = (seed: string, number: number): Uint8Array =>
  new Uint8Array(createHash('sha256').update(`${seed}/${number}`).digest())

export function seededRandom(seed: string): Random {
  let number = 0
  return {
    bytes(length) {
      const blocks = Array.from({ length: Math.ceil(length / 32) }, () => [...block(seed, number++)])
      return Uint8Array.from(blocks.flat().slice(0, length))
    },
  }
}

/** PrivateKeyInfo of an Ed25519 key (RFC 8410 §7): its 32 octets may be any. Its signatures have no randomness. */
const ed25519Pkcs8 = (octets: Uint8Array): Uint8Array =>
  Uint8Array.from([...Buffer.from('302e020100300506032b657004220420', 'hex'), ...octets])

/** Whatever kind of key is asked for, an Ed25519 key of the seed comes. */
export function seededCustody(seed: string): KeyCustody {
  const inner = cheapCustody()
  let number = 0
  return {
    generateKey: ({ passphrase }) =>
      inner.importKey({
        pkcs8Der: ed25519Pkcs8(block(seed, number++)),
        ...(passphrase !== undefined && { passphrase }),
      }),
    importKey: (request) => inner.importKey(request),
    sign: (request) => inner.sign(request),
    checkPassphrase: (request) => inner.checkPassphrase(request),
    destroyKey: (keyId) => inner.destroyKey(keyId),
  }
}

/** Subscribers' keys likewise. */
export function seededCrypto(seed: string): CryptoProvider {
  let number = 0
  return {
    digest: (algorithm, message) => platformCrypto.digest(algorithm, message),
    verify: (...args) => platformCrypto.verify(...args),
    importSigningKey: (pkcs8Der) => platformCrypto.importSigningKey(pkcs8Der),
    async generateKeyPair() {
      const pkcs8Der = ed25519Pkcs8(block(seed, number++))
      const { spkiDer } = await platformCrypto.importSigningKey(pkcs8Der)
      return { pkcs8Der, spkiDer }
    },
  }
}
