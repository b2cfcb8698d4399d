import type { KeyAlgorithm, SignatureAlgorithm } from '../crypto/algorithm-names.js'

/*
 * The custody port: where the private keys of CAs and OCSP responders live. A key goes in or is made there; only
 * signatures come out.
 *
 * What every adapter MUST keep:
 * - No operation returns, logs or puts into an error a private key or a passphrase.
 * - A promise of `generateKey` or `importKey` that resolves means that the key is durable.
 * - `sign` may be slow and may fail. When it cannot tell whether a signature was made (a timeout of a remote module), it
 *   fails with `custody_outcome_unknown`, never with a guess.
 * - Calls may come while others are under way: `issueMany` asks for up to 16 signatures at once.
 * - A key with a passphrase signs only for a caller that gives it: `passphrase_required` | `wrong_passphrase`.
 */

export interface CustodyKey {
  readonly keyId: string
  /** SubjectPublicKeyInfo, DER. */
  readonly spkiDer: Uint8Array
  readonly keyAlgorithm: KeyAlgorithm
}

export interface SignRequest {
  readonly keyId: string
  readonly algorithm: SignatureAlgorithm
  /** What is to be signed, whole: custody makes the digest. */
  readonly message: Uint8Array
  readonly passphrase?: string
}

export interface KeyCustody {
  /**
   * Its keys follow from a seed, as in tests that compare bytes: who knows the seed has the keys. An authority refuses
   * profiles that are `forPublicTrust` over such a custody. A custody for production leaves it out.
   */
  readonly isDeterministic?: boolean

  /** @throws {PkiError} `unsupported_algorithm` | `custody_unavailable` */
  generateKey(request: {
    readonly keyAlgorithm: KeyAlgorithm
    readonly passphrase?: string
  }): Promise<CustodyKey>

  /**
   * @param request.pkcs8Der PrivateKeyInfo, not encrypted; the adapter keeps its own copy
   * @throws {PkiError} `invalid_der` | `invalid_key` | `unsupported_algorithm` | `custody_unavailable`
   */
  importKey(request: { readonly pkcs8Der: Uint8Array; readonly passphrase?: string }): Promise<CustodyKey>

  /**
   * @returns the signature as X.509 carries it: ECDSA as DER `ECDSA-Sig-Value`, the others raw
   * @throws {PkiError} `custody_key_not_found` | `unsupported_algorithm` | `passphrase_required` | `wrong_passphrase` |
   * `custody_unavailable` | `custody_outcome_unknown`
   */
  sign(request: SignRequest): Promise<Uint8Array>

  /**
   * Check a passphrase without signing. Resolves for a key that has none.
   *
   * @throws {PkiError} `custody_key_not_found` | `passphrase_required` | `wrong_passphrase` | `custody_unavailable`
   */
  checkPassphrase(request: { readonly keyId: string; readonly passphrase?: string }): Promise<void>

  /** Destroy a key that nothing refers to, as after a failed creation. An unknown id is no error. */
  destroyKey(keyId: string): Promise<void>
}
