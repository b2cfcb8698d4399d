import { z } from 'zod'
import { isoInstant } from './iso-instant.js'
import {
  commonName,
  dnsNames,
  integerText,
  ipAddresses,
  passphrase,
  requestedKeyAlgorithm,
  requestedReason,
  uuid,
  validityDays,
} from './values.js'

const csrPem = z.string().exactOptional()

/** Types and names only: what may be in a certificate is decided by the authority. */
export const issueBodySchema = z.strictObject({
  caId: uuid.meta({ description: 'The CA that signs' }),
  mode: z
    .enum(['managed', 'csr'])
    .default('managed')
    .meta({ description: 'managed: the key pair is made here and handed out once. csr: you made it' }),
  commonName: commonName.exactOptional().meta({ description: 'Needed in managed mode' }),
  sanDns: dnsNames.exactOptional().meta({ description: 'DNS names; * may stand for the whole first label' }),
  sanIp: ipAddresses.exactOptional().meta({ description: 'IPv4 and IPv6 addresses' }),
  keyAlgorithm: requestedKeyAlgorithm.exactOptional().meta({
    description: 'For the key pair of managed mode. Default: ECDSA-P256',
  }),
  validityDays,
  csrPem: csrPem.meta({ description: 'PKCS#10, needed in csr mode' }),
  caPassphrase: passphrase,
  profile: z.string().exactOptional().meta({
    description: 'Key usages and name rules by the name of a profile. Default: serverAndClientAuth',
    'x-certwright-extension': true,
  }),
})

export const revokeBodySchema = z.strictObject({
  reason: requestedReason.default('unspecified'),
  caPassphrase: passphrase,
})

export const releaseBodySchema = z.strictObject({ caPassphrase: passphrase })

export const renewBodySchema = z.strictObject({
  validityDays,
  csrPem: csrPem.meta({ description: 'A new PKCS#10, needed where the certificate came of one' }),
  caPassphrase: passphrase,
})

export const certificateQuerySchema = z.object({
  caId: uuid.exactOptional().meta({ description: 'Only certificates of this CA' }),
  status: z
    .enum(['active', 'revoked', 'all'])
    .default('all')
    .meta({ description: 'active: neither revoked nor expired' }),
  search: z.string().exactOptional().meta({ description: 'Part of the common name, in any case' }),
  createdFrom: isoInstant('start').exactOptional().meta({
    description: 'Not before this ISO 8601 date or time',
    type: 'string',
    example: '2026-03-01',
  }),
  createdTo: isoInstant('end').exactOptional().meta({
    description: 'Not after this ISO 8601 date or time; a date includes its whole day',
    type: 'string',
    example: '2026-03-31',
  }),
  expiringInDays: integerText(0, 36_500)
    .exactOptional()
    .meta({ description: 'Ends within so many days from now' }),
  page: integerText(1, 1_000_000).default(1).meta({ description: 'From 1' }),
  pageSize: integerText(1, 100).default(20),
})

export const idSchema = z.object({ id: uuid })
export const caIdSchema = z.object({ caId: uuid })
