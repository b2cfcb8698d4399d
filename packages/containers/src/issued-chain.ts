import {
  authorityKeyIdentifier,
  type Certificate,
  findExtension,
  formatName,
  parseCertificates,
  PkiError,
  platformCrypto,
  subjectKeyIdentifier,
} from '@certwright/core'
import { invalidInput } from './container-errors.js'

/** Certificates as PEM text with any number of them, or as a list of PEM texts and DER. */
export type CertificateInput = string | Uint8Array | readonly (string | Uint8Array)[]

/** @throws {PkiError} `invalid_encoding` | `invalid_der` | `der_limit_exceeded` | `invalid_structure` */
export function certificatesFrom(input: CertificateInput): Certificate[] {
  if (typeof input === 'string') return input.trim() === '' ? [] : parseCertificates(input)
  if (input instanceof Uint8Array) return parseCertificates(input)
  return input.flatMap((one) => parseCertificates(one))
}

/**
 * The one certificate of an input.
 *
 * @throws {PkiError} `invalid_request`: there are several, or what `certificatesFrom` throws
 */
export function certificateFrom(input: string | Uint8Array, action: string): Certificate {
  const [certificate, ...others] = certificatesFrom(input)
  if (certificate === undefined || others.length > 0) {
    throw invalidInput(action, 'certificate', 'must be one certificate: its issuers belong into the chain')
  }
  return certificate
}

/**
 * A chain as TLS wants it (RFC 8446 §4.4.2): each certificate is followed by its issuer's. Whether the root is among
 * them is the caller's choice. No signature is verified.
 *
 * @throws {PkiError} `invalid_request`: one of them has issued none of the others, so that the chain would break there
 */
export function orderChain(
  certificate: Certificate,
  chain: readonly Certificate[],
  action: string,
): Certificate[] {
  const ordered = issuersOf(certificate, chain)
  const used = [certificate, ...ordered]
  const stray = chain.find((one) => !used.some(({ der }) => sameBytes(der, one.der)))
  if (stray !== undefined) {
    throw invalidInput(action, 'chain', `has "${formatName(stray.subject)}", which issued none of the others`)
  }
  return ordered
}

/** The issuers of a certificate that are in a pool, nearest first, up to a root or to where the pool has no more. */
export function issuersOf(certificate: Certificate, pool: readonly Certificate[]): Certificate[] {
  const issuers: Certificate[] = []
  let last = certificate
  // Each step takes one out of the pool: certificates that issued each other end too.
  const left = new Set(pool.filter(({ der }) => !sameBytes(der, certificate.der)))
  while (!sameBytes(last.issuer.der, last.subject.der)) {
    const issuer = [...left].find((candidate) => hasIssued(candidate, last))
    if (issuer === undefined) break
    left.delete(issuer)
    issuers.push(issuer)
    last = issuer
  }
  return issuers
}

/** By name, and by key identifier where both have one: a CA that changed its key keeps its name. */
function hasIssued(candidate: Certificate, issued: Certificate): boolean {
  if (!sameBytes(candidate.subject.der, issued.issuer.der)) return false
  const wanted = findExtension(issued.extensions, authorityKeyIdentifier)?.keyIdentifier
  const found = findExtension(candidate.extensions, subjectKeyIdentifier)
  return wanted === undefined || found === undefined || sameBytes(wanted, found)
}

/**
 * Nothing is more often wrong with a bundle than a key from another certificate, and no reader says so clearly.
 *
 * @throws {PkiError} `invalid_key`
 */
export async function checkKeyBelongs(
  pkcs8Der: Uint8Array,
  certificate: Certificate,
  action: string,
): Promise<void> {
  const { spkiDer, keyAlgorithm } = await platformCrypto.importSigningKey(pkcs8Der)
  if (sameBytes(spkiDer, certificate.spkiDer)) return
  const state = `the private key is not that of "${formatName(certificate.subject)}"`
  throw new PkiError('invalid_key', `Cannot ${action}: ${state}`, { algorithm: keyAlgorithm })
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, i) => octet === b[i])
}
