import type { CertificateInfo, IssuedCertificate } from '@certwright/core'
import type { z } from 'zod'
import type {
  certificateSchema,
  certificateSummarySchema,
  issueAnswerSchema,
  revokedCertificateSchema,
} from '../schemas/certificate.js'
import { wirePem, wireSerialNumber } from './text.js'

export function renderCertificateSummary(
  certificate: CertificateInfo,
): z.output<typeof certificateSummarySchema> {
  return {
    id: certificate.id,
    ca_id: certificate.caId,
    common_name: certificate.commonName,
    san_dns: [...certificate.sanDns],
    san_ip: [...certificate.sanIp],
    key_algorithm: certificate.keyAlgorithm,
    valid_from: certificate.notBefore.toISOString(),
    valid_to: certificate.notAfter.toISOString(),
    serial_number: wireSerialNumber(certificate.serialNumber),
    revoked_at: certificate.revokedAt?.toISOString() ?? null,
    revocation_reason: certificate.revocationReason ?? null,
    created_at: certificate.createdAt.toISOString(),
  }
}

export function renderCertificate(certificate: CertificateInfo): z.output<typeof certificateSchema> {
  return {
    ...renderCertificateSummary(certificate),
    certificate_pem: wirePem(certificate.certificatePem),
    mode: certificate.mode,
    profile: certificate.profile,
    renewed_from: certificate.renewedFrom ?? null,
  }
}

/** The certificate as issuing and renewing show it, with the private key where there is one. */
export function renderIssued(issued: IssuedCertificate): z.output<typeof issueAnswerSchema> {
  const { certificate, privateKeyPem } = issued
  return {
    certificate: {
      id: certificate.id,
      common_name: certificate.commonName,
      certificate_pem: wirePem(certificate.certificatePem),
      san_dns: [...certificate.sanDns],
      san_ip: [...certificate.sanIp],
      valid_from: certificate.notBefore.toISOString(),
      valid_to: certificate.notAfter.toISOString(),
      serial_number: wireSerialNumber(certificate.serialNumber),
      created_at: certificate.createdAt.toISOString(),
    },
    ...(privateKeyPem !== undefined && { privateKey: wirePem(privateKeyPem) }),
  }
}

export function renderRevoked(certificate: CertificateInfo): z.output<typeof revokedCertificateSchema> {
  const { id, commonName, revokedAt, revocationReason } = certificate
  if (revokedAt === undefined) throw new TypeError('Cannot render revocation: the certificate is not revoked')
  return {
    id,
    common_name: commonName,
    revoked_at: revokedAt.toISOString(),
    revocation_reason: revocationReason ?? 'unspecified',
  }
}
