import { compareBytes, equalBytes } from '../../encoding/bytes.js'
import type { Certificate } from '../../x509/certificate.js'
import { findExtension } from '../../x509/extension.js'
import { authorityKeyIdentifier } from '../../x509/extensions/authority-key-identifier.js'
import { subjectKeyIdentifier } from '../../x509/extensions/subject-key-identifier.js'
import { nameKey } from '../../x509/name.js'

/** A certificate that may have issued another. */
export interface Candidate {
  readonly certificate: Certificate
  readonly isAnchor: boolean
}

/**
 * The trust anchors and intermediates of a search, by subject. The order of candidates depends on what they are and not
 * on where they stood in the input, so that a shuffled input gives the same verdict.
 */
export class CertificatePool {
  readonly #bySubject = new Map<string, Candidate[]>()

  constructor(anchors: readonly Certificate[], intermediates: readonly Certificate[]) {
    for (const certificate of distinct(anchors)) this.#add({ certificate, isAnchor: true })
    for (const certificate of distinct(intermediates)) this.#add({ certificate, isAnchor: false })
    for (const candidates of this.#bySubject.values()) candidates.sort(canonically)
  }

  /** Those whose name is the issuer's (RFC 5280 §7.1), the most promising first. */
  issuersOf(certificate: Certificate): readonly Candidate[] {
    const candidates = this.#bySubject.get(nameKey(certificate.issuer)) ?? []
    if (candidates.length < 2) return candidates
    // Key identifiers are a hint and no more (RFC 4158 §3.5.12): a certificate with another one may be the issuer.
    const [others, named] = [[] as Candidate[], [] as Candidate[]]
    for (const candidate of candidates) {
      const list = namesAnotherKey(certificate, candidate.certificate) ? others : named
      list.push(candidate)
    }
    return [...named, ...others]
  }

  #add(candidate: Candidate): void {
    const key = nameKey(candidate.certificate.subject)
    const candidates = this.#bySubject.get(key)
    if (candidates) candidates.push(candidate)
    else this.#bySubject.set(key, [candidate])
  }
}

/** Whether a certificate asks for another key than this issuer's, where both say which they have. */
export function namesAnotherKey(certificate: Certificate, issuer: Certificate): boolean {
  const wanted = findExtension(certificate.extensions, authorityKeyIdentifier)?.keyIdentifier
  const identifier = findExtension(issuer.extensions, subjectKeyIdentifier)
  return wanted !== undefined && identifier !== undefined && !equalBytes(wanted, identifier)
}

/** The one that is valid longest first: of an expired and a renewed twin the renewed one. */
const canonically = (a: Candidate, b: Candidate): number =>
  Number(b.isAnchor) - Number(a.isAnchor) ||
  b.certificate.notAfter.getTime() - a.certificate.notAfter.getTime() ||
  compareBytes(a.certificate.der, b.certificate.der)

function distinct(certificates: readonly Certificate[]): Certificate[] {
  const sorted = [...certificates].sort((a, b) => compareBytes(a.der, b.der))
  return sorted.filter((one, i) => i === 0 || !equalBytes(one.der, (sorted[i - 1] as Certificate).der))
}
