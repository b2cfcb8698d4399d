import { z } from 'zod'
import {
  certificatePem,
  depth,
  instant,
  keyAlgorithm,
  laterInstant,
  nullableInstant,
  nullablePathLength,
  nullableReason,
  nullableText,
  serialNumber,
  uuid,
} from './values.js'

const parentCaId = uuid.nullable().meta({ description: 'null for a root', example: null })
const name = z.string().meta({ example: 'Shop Root' })
const commonName = z.string().meta({ example: 'Shop Root CA' })
const organization = nullableText.meta({ example: 'Shop Ltd' })

export const caSummarySchema = z.object({
  id: uuid,
  name,
  common_name: commonName,
  organization,
  key_algorithm: keyAlgorithm,
  valid_from: instant,
  valid_to: laterInstant,
  created_at: instant,
  parent_ca_id: parentCaId,
  depth,
  path_length: nullablePathLength,
})

export const caSchema = z.object({
  id: uuid,
  name,
  common_name: commonName,
  organization,
  country: nullableText.meta({ example: 'DE' }),
  state: nullableText.meta({ example: 'Hamburg' }),
  locality: nullableText.meta({ example: 'Hamburg' }),
  key_algorithm: keyAlgorithm,
  certificate_pem: certificatePem,
  serial_number: serialNumber,
  valid_from: instant,
  valid_to: laterInstant,
  created_at: instant,
  has_passphrase: z.boolean().meta({ example: false }),
  parent_ca_id: parentCaId,
  depth,
  path_length: nullablePathLength,
  revoked_at: nullableInstant,
  revocation_reason: nullableReason,
})

export const caListSchema = z.object({ cas: z.array(caSummarySchema) })
export const caAnswerSchema = z.object({ ca: caSchema })

export const chainSchema = z.object({
  caId: uuid,
  chainLength: z.int().meta({ minimum: 1, maximum: undefined, example: 1 }),
  chain: z.array(certificatePem).meta({ description: 'From this CA up to the root' }),
})

export const caQuerySchema = z.object({
  parentCaId: uuid.exactOptional().meta({ description: 'Only the children of this CA' }),
  type: z.enum(['root', 'intermediate', 'all']).default('all'),
})
