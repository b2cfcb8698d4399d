import { encode, nullValue, objectIdentifier, sequence } from '@certwright/core/der'

/** What the forge signs with: what Certwright issues, and what a validator must refuse for its age. */
export type ForgeSignatureAlgorithm =
  | 'ECDSA-SHA1'
  | 'ECDSA-SHA256'
  | 'ECDSA-SHA384'
  | 'ECDSA-SHA512'
  | 'RSA-PKCS1-MD5'
  | 'RSA-PKCS1-SHA1'
  | 'RSA-PKCS1-SHA256'
  | 'RSA-PKCS1-SHA384'
  | 'RSA-PKCS1-SHA512'
  | 'Ed25519'

export interface SignatureRow {
  /** As `node:crypto` calls it; Ed25519 has its own. */
  readonly hash: string | undefined
  readonly identifierDer: Uint8Array
}

/** RFC 5758 §3.2, RFC 8410 §3: parameters are absent. RFC 4055 §5, RFC 3279 §2.2.1: they are NULL. */
export const signatureRows: Readonly<Record<ForgeSignatureAlgorithm, SignatureRow>> = {
  'ECDSA-SHA1': row('sha1', '1.2.840.10045.4.1'),
  'ECDSA-SHA256': row('sha256', '1.2.840.10045.4.3.2'),
  'ECDSA-SHA384': row('sha384', '1.2.840.10045.4.3.3'),
  'ECDSA-SHA512': row('sha512', '1.2.840.10045.4.3.4'),
  'RSA-PKCS1-MD5': row('md5', '1.2.840.113549.1.1.4', nullValue),
  'RSA-PKCS1-SHA1': row('sha1', '1.2.840.113549.1.1.5', nullValue),
  'RSA-PKCS1-SHA256': row('sha256', '1.2.840.113549.1.1.11', nullValue),
  'RSA-PKCS1-SHA384': row('sha384', '1.2.840.113549.1.1.12', nullValue),
  'RSA-PKCS1-SHA512': row('sha512', '1.2.840.113549.1.1.13', nullValue),
  Ed25519: row(undefined, '1.3.101.112'),
}

function row(hash: string | undefined, oid: string, parameters?: typeof nullValue): SignatureRow {
  return { hash, identifierDer: encode(sequence(objectIdentifier(oid), parameters)) }
}
