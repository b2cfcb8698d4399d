import { equalBytes } from '../../encoding/bytes.js'
import type { CaRecord } from '../../ports/records.js'
import type { SerialStatus } from '../../ports/storage.js'
import { isIssued } from '../../rules/revocation/is-issued.js'
import { stateAfter } from '../../rules/revocation/transitions.js'
import type { Deps } from '../../steps/deps.js'
import type { Certificate } from '../../x509/certificate.js'
import type { CertStatus } from '../../x509/ocsp-basic-response.js'
import { type CertId, certIdDigests } from '../../x509/ocsp-cert-id.js'
import { issuerHashes } from './issuer-hashes.js'

/** The CA that is asked, and its certificate. */
export interface AnsweringCa {
  readonly ca: CaRecord
  readonly issuer: Certificate
}

/** The status of one certificate. What is not of this CA is `unknown` here. */
export async function singleResponse(
  certId: CertId,
  about: AnsweringCa,
  deps: Deps,
): Promise<{ certId: CertId; status: CertStatus }> {
  if (!isIssuedBy(certId, about.issuer)) return { certId, status: { kind: 'unknown' } }
  const known = await deps.storage.findSerial(about.ca.id, certId.serialNumber)
  return { certId, status: statusOf(known) }
}

function isIssuedBy(certId: CertId, issuer: Certificate): boolean {
  const algorithm = certIdDigests[certId.hashAlgorithm]
  if (algorithm === undefined) return false
  const { name, key } = issuerHashes(issuer, algorithm)
  return equalBytes(certId.issuerNameHash, name) && equalBytes(certId.issuerKeyHash, key)
}

function statusOf(known: SerialStatus | undefined): CertStatus {
  if (known?.revocation !== undefined && stateAfter(known.revocation.reason) !== 'good') {
    const { revokedAt, reason } = known.revocation
    // As in the CRL, `unspecified` is left out: saying nothing says the same (RFC 5280 §5.3.1).
    return {
      kind: 'revoked',
      revocationTime: revokedAt,
      reason: reason === 'unspecified' ? undefined : reason,
    }
  }
  return known !== undefined && isIssued(known.state) ? { kind: 'good' } : { kind: 'unknown' }
}
