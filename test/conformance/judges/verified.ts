import { findSignatureAlgorithm, parsePublicKey, platformCrypto, verifySignature } from '@certwright/core'

/** Whether a signature is good, found as a relying party finds it: by AlgorithmIdentifier and SubjectPublicKeyInfo. */
export async function isVerified(signed: {
  readonly algorithmDer: Uint8Array
  readonly spkiDer: Uint8Array
  readonly message: Uint8Array
  readonly signature: Uint8Array
}): Promise<boolean> {
  const { algorithmDer, spkiDer, message, signature } = signed
  const algorithm = findSignatureAlgorithm(algorithmDer)
  const publicKey = parsePublicKey(spkiDer)
  return await verifySignature(platformCrypto, { algorithm, publicKey, message, signature })
}
