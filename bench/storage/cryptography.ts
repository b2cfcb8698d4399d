import {
  findSignatureAlgorithm,
  parseCertificateRequest,
  parsePublicKey,
  platformCrypto,
  verifySignature,
} from '@certwright/core'
import type { Contender } from '../measure.js'
import { concurrently, portion } from './issuing.js'

/**
 * What of an issuance is cryptography, as the flows do it, on as many cores as there are: import the subscriber's key,
 * verify the CSR, sign as many octets. With a store and code that cost nothing, no issuance would be faster.
 */
export async function cryptographyAlone(csrs: readonly string[], limit: string): Promise<Contender> {
  const { pkcs8Der } = await platformCrypto.generateKeyPair('ECDSA-P256')
  const key = await platformCrypto.importSigningKey(pkcs8Der)
  const requests = csrs.map((csrPem) => {
    const { tbsDer, signature, spkiDer, signatureAlgorithmDer } = parseCertificateRequest(csrPem)
    return {
      algorithm: findSignatureAlgorithm(signatureAlgorithmDer),
      publicKey: parsePublicKey(spkiDer),
      message: tbsDer,
      signature,
    }
  })
  let taken = 0
  const once = async (): Promise<void> => {
    const request = requests[taken++ % requests.length] as (typeof requests)[number]
    if (!(await verifySignature(platformCrypto, request))) throw new Error('a CSR does not verify')
    await key.sign('ECDSA-SHA256', request.message)
  }
  return { name: 'cryptography alone, 16 callers', run: (count) => concurrently(count, once), limit, portion }
}
