import type { CaInfo } from '@certwright/core'
import type { z } from 'zod'
import type { caSchema, caSummarySchema } from '../schemas/ca.js'
import { wirePem, wireSerialNumber } from './text.js'

export function renderCaSummary(ca: CaInfo): z.output<typeof caSummarySchema> {
  return {
    id: ca.id,
    name: ca.name,
    common_name: ca.commonName,
    organization: ca.organization ?? null,
    key_algorithm: ca.keyAlgorithm,
    valid_from: ca.notBefore.toISOString(),
    valid_to: ca.notAfter.toISOString(),
    created_at: ca.createdAt.toISOString(),
    parent_ca_id: ca.parentCaId ?? null,
    depth: ca.depth,
    path_length: ca.pathLength ?? null,
  }
}

export function renderCa(ca: CaInfo): z.output<typeof caSchema> {
  return {
    id: ca.id,
    name: ca.name,
    common_name: ca.commonName,
    organization: ca.organization ?? null,
    country: ca.country ?? null,
    state: ca.state ?? null,
    locality: ca.locality ?? null,
    key_algorithm: ca.keyAlgorithm,
    certificate_pem: wirePem(ca.certificatePem),
    serial_number: wireSerialNumber(ca.serialNumber),
    valid_from: ca.notBefore.toISOString(),
    valid_to: ca.notAfter.toISOString(),
    created_at: ca.createdAt.toISOString(),
    has_passphrase: ca.hasPassphrase,
    parent_ca_id: ca.parentCaId ?? null,
    depth: ca.depth,
    path_length: ca.pathLength ?? null,
    revoked_at: ca.revokedAt?.toISOString() ?? null,
    revocation_reason: ca.revocationReason ?? null,
  }
}
