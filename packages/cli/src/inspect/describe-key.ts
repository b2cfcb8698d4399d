import { findSignatureAlgorithm, isPkiError, parsePublicKey, type PublicKey } from '@certwright/core'
import { hex, sha256Hex } from './forms.js'
import type { Fields } from './item.js'

/** A key that Certwright would not use is no fault of the certificate that carries it: it says why, and goes on. */
export function describePublicKey(spkiDer: Uint8Array): Fields {
  const sha256 = sha256Hex(spkiDer)
  try {
    const key = parsePublicKey(spkiDer)
    return { algorithm: key.keyAlgorithm ?? key.family, bits: key.bits, exponent: exponentOf(key), sha256 }
  } catch (error) {
    if (!isPkiError(error) || error.code === 'invalid_der') throw error
    return { problem: error.message, sha256 }
  }
}

const exponentOf = (key: PublicKey): string | undefined =>
  key.family === 'RSA' || key.family === 'RSA-PSS' ? BigInt(`0x${hex(key.exponent)}`).toString() : undefined

/** Its name here, or what people call those that are not supported. */
export function signatureAlgorithmName(algorithmIdentifierDer: Uint8Array): string {
  try {
    return findSignatureAlgorithm(algorithmIdentifierDer).name
  } catch (error) {
    if (!isPkiError(error) || error.code !== 'unsupported_algorithm') throw error
    return `${error.context.algorithm}, not supported`
  }
}
