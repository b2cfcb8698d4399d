import type { DigestAlgorithm } from '../../crypto/algorithm-names.js'
import { digestSync } from '../../crypto/digest.js'
import { parsePublicKey } from '../../crypto/public-key.js'
import type { Certificate } from '../../x509/certificate.js'

/** What a CertID tells of the issuer (RFC 6960 §4.1.1). */
export interface IssuerHashes {
  /** Of its subject, DER. */
  readonly name: Uint8Array
  /** Of its key: the content of the BIT STRING. */
  readonly key: Uint8Array
}

const remembered = new WeakMap<Certificate, Map<DigestAlgorithm, IssuerHashes>>()

/** Made once: a responder is asked about the certificates of few issuers. */
export function issuerHashes(issuer: Certificate, algorithm: DigestAlgorithm): IssuerHashes {
  const ofIssuer = remembered.get(issuer) ?? new Map<DigestAlgorithm, IssuerHashes>()
  remembered.set(issuer, ofIssuer)
  const known = ofIssuer.get(algorithm)
  if (known !== undefined) return known
  const hashes = {
    name: digestSync(algorithm, issuer.subject.der),
    key: digestSync(algorithm, parsePublicKey(issuer.spkiDer).keyBits),
  }
  ofIssuer.set(algorithm, hashes)
  return hashes
}
