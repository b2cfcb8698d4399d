import {
  type Certificate,
  type CertificateRevocationList,
  findSignatureAlgorithm,
  isPkiError,
  parseCertificate,
  parsePublicKey,
  platformCrypto,
  verifySignature,
} from '@certwright/core'

/** A key that does not fit the algorithm has not signed either. */
export async function isSignedBy(
  { tbsDer, signature, signatureAlgorithmDer }: Certificate | CertificateRevocationList,
  issuerSpkiDer: Uint8Array,
): Promise<boolean> {
  try {
    return await verifySignature(platformCrypto, {
      algorithm: findSignatureAlgorithm(signatureAlgorithmDer),
      publicKey: parsePublicKey(issuerSpkiDer),
      message: tbsDer,
      signature,
    })
  } catch (error) {
    if (isPkiError(error)) return false
    throw error
  }
}

/** @returns the reason, where the bytes are no certificate */
export function readCertificate(der: Uint8Array): Certificate | string {
  try {
    return parseCertificate(der)
  } catch (error) {
    if (isPkiError(error)) return error.message
    throw error
  }
}

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((octet, i) => octet === b[i])

export async function sha256Hex(bytes: Uint8Array): Promise<string> {
  const digest = await platformCrypto.digest('SHA-256', bytes)
  return Array.from(digest, (octet) => octet.toString(16).padStart(2, '0')).join('')
}
