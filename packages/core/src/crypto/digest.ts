import { sha1 } from '@noble/hashes/legacy.js'
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js'
import type { DigestAlgorithm } from './algorithm-names.js'

const functions: Readonly<Record<DigestAlgorithm, (message: Uint8Array) => Uint8Array>> = {
  'SHA-1': sha1,
  'SHA-256': sha256,
  'SHA-384': sha384,
  'SHA-512': sha512,
}

/**
 * A digest at once, in JavaScript: for names and keys, some hundred octets at most, in functions that must stay pure.
 * For anything as long as a certificate, and wherever a provider is at hand anyway, `provider.digest` is faster;
 * rsa-pss-verify.ts alone, which is seldom used, digests what was signed with it.
 *
 * SHA-1 is here because CertID (RFC 6960 §4.1.1) and key identifiers of others need it as a name; it signs nothing.
 */
export const digestSync = (algorithm: DigestAlgorithm, message: Uint8Array): Uint8Array =>
  functions[algorithm](message)
