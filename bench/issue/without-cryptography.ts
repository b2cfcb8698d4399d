import { type CryptoProvider, type KeyCustody, platformCrypto } from '@certwright/core'
import { memoryCustody } from '@certwright/memory'

/** Every CSR counts as proved, and every certificate gets the same signature: what is left of an issuance is our own code. */
export async function withoutCryptography(): Promise<{
  readonly crypto: CryptoProvider
  readonly custody: KeyCustody
}> {
  const { pkcs8Der } = await platformCrypto.generateKeyPair('ECDSA-P256')
  const key = await platformCrypto.importSigningKey(pkcs8Der)
  const signature = await key.sign('ECDSA-SHA256', new Uint8Array(1))
  const keys = memoryCustody()
  return {
    crypto: { ...platformCrypto, verify: () => true },
    custody: {
      generateKey: (request) => keys.generateKey(request),
      importKey: (request) => keys.importKey(request),
      sign: async () => signature,
      checkPassphrase: (request) => keys.checkPassphrase(request),
      destroyKey: (keyId) => keys.destroyKey(keyId),
    },
  }
}
