import { z } from 'zod'
import { rights } from './access.js'
import { instant, integerText, nullableInstant, uuid } from './values.js'

/** The authorization server chooses it, so it need not be a UUID. */
const grantId = z
  .string()
  .regex(/^[A-Za-z0-9._~-]{1,128}$/, 'must be 1 to 128 letters, digits or . _ ~ -')
  .meta({ example: 'mP0XkUqvQ2b7w1nZr4sTfA' })

const grant = z.object({
  id: grantId,
  client_id: z.string().meta({ example: '990e8400-e29b-41d4-a716-446655440004' }),
  client_name: z
    .string()
    .nullable()
    .meta({ description: 'null where the client is gone', example: 'Inventory' }),
  workspace_id: uuid,
  permissions: z
    .record(uuid, rights)
    .meta({ description: 'As granted, by CA id. What a token may do now can be less: see /v1/whoami' }),
  created_at: instant,
  expires_at: nullableInstant,
  revoked_at: nullableInstant,
})

export const grantIdSchema = z.object({ id: grantId })

export const grantQuerySchema = z.object({
  page: integerText(1, 1_000_000).default(1).meta({ description: 'From 1' }),
  pageSize: integerText(1, 100).default(20),
})

export const grantListSchema = z.object({
  grants: z.array(grant),
  total: z.int().meta({ minimum: 0, maximum: undefined, example: 1 }),
  page: z.int().meta({ minimum: 1, maximum: undefined, example: 1 }),
  pageSize: z.int().meta({ minimum: 1, maximum: 100, example: 20 }),
  totalPages: z.int().meta({ minimum: 0, maximum: undefined, example: 1 }),
})

export const revokedGrantSchema = z.object({
  message: z.string().meta({ example: 'Grant revoked successfully' }),
  grant,
})
