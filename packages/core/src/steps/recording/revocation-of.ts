import type { Revocation } from '../../ports/records.js'
import { encodeRevokedCertificates } from '../../x509/revoked-certificate.js'

/** An entry of the status log, with its form in the CRL. */
export function revocationOf(facts: Omit<Revocation, 'entryDer'>): Revocation {
  const { serialNumber, revokedAt, reason } = facts
  const entryDer = encodeRevokedCertificates([{ serialNumber, revocationDate: revokedAt, reason }])
  return { ...facts, entryDer }
}
