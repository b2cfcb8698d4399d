import { digestSync } from './digest.js'

/**
 * The subjectKeyIdentifier of keys that we certify: the leftmost 160 bits of SHA-256 over the key (RFC 7093 §2 method
 * 1). RFC 5280 §4.2.1.2 allows any method that gives unique values, and a verifier compares the octets without
 * computing them; so nothing new needs SHA-1, of which collisions are bought for money.
 *
 * @param keyBits `keyBits` of a `PublicKey`
 * @returns 20 octets
 */
export const keyIdentifier = (keyBits: Uint8Array): Uint8Array => digestSync('SHA-256', keyBits).slice(0, 20)

/**
 * SHA-1 over the key: method 1 of RFC 5280 §4.2.1.2, and what RFC 6960 wants as issuerKeyHash of a SHA-1 CertID
 * (§4.1.1) and as `byKey` of a ResponderID (§4.2.1).
 *
 * @param keyBits `keyBits` of a `PublicKey`
 * @returns 20 octets
 */
export const sha1KeyIdentifier = (keyBits: Uint8Array): Uint8Array => digestSync('SHA-1', keyBits)
