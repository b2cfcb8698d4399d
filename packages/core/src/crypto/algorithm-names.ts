/** Names of key types. The four of the REST API are spelt as it documents them; the library takes the others too. */
export type KeyAlgorithm =
  | 'RSA-2048'
  | 'RSA-3072'
  | 'RSA-4096'
  /** A key that signs by RSASSA-PSS alone and says so: id-RSASSA-PSS (RFC 4055 §1.2). */
  | 'RSA-PSS-2048'
  | 'RSA-PSS-3072'
  | 'RSA-PSS-4096'
  | 'ECDSA-P256'
  | 'ECDSA-P384'
  | 'ECDSA-P521'
  | EdDsaAlgorithm
  | MlDsaAlgorithm
  | SlhDsaAlgorithm

export type KeyFamily = 'RSA' | 'RSA-PSS' | 'ECDSA' | 'EdDSA' | 'ML-DSA' | 'SLH-DSA'

export type DigestAlgorithm = 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512'

/** Names of signature schemes: key family, padding where there is a choice, digest. */
export type SignatureAlgorithm =
  | 'RSA-PKCS1-SHA256'
  | 'RSA-PKCS1-SHA384'
  | 'RSA-PKCS1-SHA512'
  | 'RSA-PSS-SHA256'
  | 'RSA-PSS-SHA384'
  | 'RSA-PSS-SHA512'
  | 'ECDSA-SHA256'
  | 'ECDSA-SHA384'
  | 'ECDSA-SHA512'
  | WholeMessageAlgorithm

/** What old signatures are verified with, by whoever asks for it. Nothing is signed with SHA-1. */
export type VerifyOnlyAlgorithm = 'RSA-PKCS1-SHA1' | 'ECDSA-SHA1'

/**
 * What takes the message whole, and leaves no choice: one name for the key and for what it signs with, one object
 * identifier for both, no parameters.
 */
export type WholeMessageAlgorithm = EdDsaAlgorithm | MlDsaAlgorithm | SlhDsaAlgorithm

export type EdDsaAlgorithm = 'Ed25519' | 'Ed448'

/** FIPS 204. */
export type MlDsaAlgorithm = 'ML-DSA-44' | 'ML-DSA-65' | 'ML-DSA-87'

/** FIPS 205: hash, security in bits, and `s` for small signatures or `f` for fast signing. */
export type SlhDsaAlgorithm = `SLH-DSA-${'SHA2' | 'SHAKE'}-${128 | 192 | 256}${'s' | 'f'}`
