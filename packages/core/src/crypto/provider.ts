import type { DigestAlgorithm, KeyAlgorithm, SignatureAlgorithm } from './algorithm-names.js'
import type { PublicKey } from './public-key.js'
import type { SignatureScheme } from './signature-algorithms.js'

/** Synchronous where the platform can, else a promise: `await` serves both. */
export type MaybePromise<T> = T | Promise<T>

/** A key pair as bytes: what managed mode hands to the subscriber. CA keys never take this form outside custody. */
export interface GeneratedKeyPair {
  /** SubjectPublicKeyInfo, DER. */
  spkiDer: Uint8Array
  /** PKCS#8 PrivateKeyInfo (RFC 5958), DER, not encrypted. */
  pkcs8Der: Uint8Array
}

/** A private key that is ready to sign many times. */
export interface SigningKey {
  readonly spkiDer: Uint8Array
  readonly keyAlgorithm: KeyAlgorithm
  /**
   * @returns the signature in the form that X.509 carries: ECDSA as DER `ECDSA-Sig-Value`, the others raw
   * @throws {PkiError} `unsupported_algorithm`: the scheme is not for this key
   */
  sign(algorithm: SignatureAlgorithm, message: Uint8Array): MaybePromise<Uint8Array>
}

export interface SignedMessage {
  /** What stands beside the signature, by `findSignatureAlgorithm`; or a row of `signatureAlgorithms`. */
  readonly algorithm: SignatureScheme
  /** The key of whoever claims to have signed, by `parsePublicKey`. */
  readonly publicKey: PublicKey
  /** The octets that were signed: of a certificate, the TBSCertificate with its header. */
  readonly message: Uint8Array
  /** Content of the BIT STRING. */
  readonly signature: Uint8Array
}

/**
 * The cryptography of the platform. Two implementations: `node:crypto` and WebCrypto; hosts may inject a third.
 * An implementation knows keys, digests and signatures, and nothing of X.509 beyond SubjectPublicKeyInfo and PKCS#8.
 */
export interface CryptoProvider {
  digest(algorithm: DigestAlgorithm, message: Uint8Array): MaybePromise<Uint8Array>

  /**
   * Called by `verifySignature` alone, which has seen to it that the algorithm is one for the key.
   *
   * @returns false for a signature that does not verify or is malformed; never throws for that
   * @throws {PkiError} `invalid_key`: the key is none, such as a point that is not on its curve
   * @throws {PkiError} `unsupported_algorithm`: the platform lacks it
   */
  verify(signed: SignedMessage): MaybePromise<boolean>

  /** Never blocks the event loop for RSA. */
  generateKeyPair(algorithm: KeyAlgorithm): Promise<GeneratedKeyPair>

  /** @throws {PkiError} `invalid_key` | `unsupported_algorithm`: no PKCS#8 of a key type in the table */
  importSigningKey(pkcs8Der: Uint8Array): MaybePromise<SigningKey>
}
