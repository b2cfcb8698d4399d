import type { Revocation } from '../../ports/records.js'
import { encodeRevokedCertificates } from '../../x509/revoked-certificate.js'

/** What is entered into the status log. */
export interface StatusEntry extends Omit<Revocation, 'entryDer'> {
  /** Since when the key is known or suspected to be unsafe (RFC 5280 §5.3.2). Whole seconds. */
  readonly invalidityDate?: Date | undefined
}

/** An entry of the status log, with its form in the CRL. */
export function revocationOf({ invalidityDate, ...facts }: StatusEntry): Revocation {
  const { serialNumber, revokedAt, reason } = facts
  const entry = { serialNumber, revocationDate: revokedAt, reason, invalidityDate }
  return { ...facts, entryDer: encodeRevokedCertificates([entry]) }
}
