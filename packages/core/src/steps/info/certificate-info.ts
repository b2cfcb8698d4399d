import { pemEncode } from '../../encoding/pem.js'
import type { CertificateRecord } from '../../ports/records.js'

/** A certificate, as callers see it. */
export interface CertificateInfo extends Omit<CertificateRecord, 'spkiHash'> {
  readonly certificatePem: string
}

/** What an issuance or a renewal answers with. */
export interface IssuedCertificate {
  readonly certificate: CertificateInfo
  /** PKCS#8, PEM, not encrypted: managed mode only. It is kept nowhere; this is the only time it is seen. */
  readonly privateKeyPem?: string
  /** True where the answer is the one that an earlier request with the same idempotency key got. */
  readonly replayed: boolean
}

export function certificateInfo(record: CertificateRecord): CertificateInfo {
  const { spkiHash: _spkiHash, ...shown } = record
  return { certificatePem: pemEncode('CERTIFICATE', record.certificateDer), ...shown }
}

/** The answer to whoever asked for it just now. */
export const issuedCertificate = (
  record: CertificateRecord,
  { privateKeyPem }: { readonly privateKeyPem?: string },
): IssuedCertificate => ({
  certificate: certificateInfo(record),
  replayed: false,
  ...(privateKeyPem !== undefined && { privateKeyPem }),
})
