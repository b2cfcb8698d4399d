import { z } from 'zod'
import {
  certificatePem,
  commonName,
  dnsNames,
  instant,
  ipAddresses,
  keyAlgorithm,
  laterInstant,
  nullableInstant,
  nullableReason,
  serialNumber,
  uuid,
} from './values.js'

export const certificateSummarySchema = z.object({
  id: uuid,
  ca_id: uuid,
  common_name: commonName,
  san_dns: dnsNames,
  san_ip: ipAddresses,
  key_algorithm: keyAlgorithm,
  valid_from: instant,
  valid_to: laterInstant,
  serial_number: serialNumber,
  revoked_at: nullableInstant,
  revocation_reason: nullableReason,
  created_at: instant,
})

/** Of an endpoint that the documented API does not have; hence the fields that nothing documented shows. */
export const certificateSchema = certificateSummarySchema.extend({
  certificate_pem: certificatePem,
  mode: z.enum(['managed', 'csr']).meta({ description: 'Who made the key pair' }),
  profile: z.string().meta({ example: 'serverAndClientAuth' }),
  renewed_from: uuid.nullable().meta({ description: 'The certificate that this one renews', example: null }),
})

export const issuedCertificateSchema = z.object({
  id: uuid,
  common_name: commonName,
  certificate_pem: certificatePem,
  san_dns: dnsNames,
  san_ip: ipAddresses,
  valid_from: instant,
  valid_to: laterInstant,
  serial_number: serialNumber,
  created_at: instant,
})

export const revokedCertificateSchema = z.object({
  id: uuid,
  common_name: commonName,
  revoked_at: instant,
  revocation_reason: z.string().meta({ example: 'keyCompromise' }),
})

const privateKey = z.string().exactOptional().meta({
  description: 'PKCS#8. Only in managed mode, only in this answer: it is kept nowhere',
  example: '-----BEGIN PRIVATE KEY-----\nMIGH…\n-----END PRIVATE KEY-----',
})

export const certificateAnswerSchema = z.object({ certificate: certificateSchema })
export const issueAnswerSchema = z.object({ certificate: issuedCertificateSchema, privateKey })

export const renewAnswerSchema = z.object({
  message: z.string().meta({ example: 'Certificate renewed successfully' }),
  certificate: issuedCertificateSchema,
  privateKey,
})

export const revokeAnswerSchema = z.object({
  message: z.string().meta({ example: 'Certificate revoked successfully' }),
  certificate: revokedCertificateSchema,
})

export const releaseAnswerSchema = z.object({
  message: z.string().meta({ example: 'Hold ended successfully' }),
  certificate: certificateSummarySchema,
})

export const certificateListSchema = z.object({
  certificates: z.array(certificateSummarySchema),
  total: z.int().meta({ minimum: 0, maximum: undefined, example: 1 }),
  page: z.int().meta({ minimum: 1, maximum: undefined, example: 1 }),
  pageSize: z.int().meta({ minimum: 1, maximum: 100, example: 20 }),
  totalPages: z.int().meta({ minimum: 0, maximum: undefined, example: 1 }),
})
