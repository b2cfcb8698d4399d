import { pemEncode } from '../../encoding/pem.js'
import type { Certificate } from '../../x509/certificate.js'
import { formatName } from '../../x509/name.js'
import type { SerialNumber } from '../../x509/serial-number.js'

/** One of the certificates of a CA. */
export interface CaCertificateInfo {
  readonly certificateDer: Uint8Array
  readonly certificatePem: string
  /** As RFC 4514 writes it. */
  readonly issuer: string
  /** The CA that signed it, for a root itself; absent where that is not kept here. */
  readonly issuerCaId?: string
  readonly serialNumber: SerialNumber
  readonly notBefore: Date
  readonly notAfter: Date
  /** Whether it is the one that the CA's chain begins with. */
  readonly isCurrent: boolean
  /** To revoke it by; absent for the one that the CA began with, which is revoked with the CA. */
  readonly certificateId?: string
  readonly revokedAt?: Date
}

export function caCertificateInfo(
  one: {
    readonly certificate: Certificate
    readonly issuerCaId?: string
    readonly revokedAt?: Date
    readonly record?: { readonly id: string }
  },
  isCurrent: boolean,
): CaCertificateInfo {
  const { certificate, issuerCaId, revokedAt, record } = one
  const { der, issuer, serialNumber, notBefore, notAfter } = certificate
  return {
    certificateDer: der,
    certificatePem: pemEncode('CERTIFICATE', der),
    issuer: formatName(issuer),
    ...(issuerCaId !== undefined && { issuerCaId }),
    serialNumber,
    notBefore,
    notAfter,
    isCurrent,
    ...(record && { certificateId: record.id }),
    ...(revokedAt && { revokedAt }),
  }
}
