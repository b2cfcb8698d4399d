import { z } from 'zod'
import { instant, integerText, nullableInstant, uuid } from './values.js'

const clientId = z
  .string()
  .regex(/^[A-Za-z0-9._~-]{1,128}$/, 'must be 1 to 128 letters, digits or . _ ~ -')
  .meta({ example: '990e8400-e29b-41d4-a716-446655440004' })

const client = z.object({
  client_id: clientId,
  client_name: z.string().meta({ example: 'Inventory' }),
  workspace_id: uuid,
  redirect_uris: z.array(z.string().meta({ example: 'com.example.inventory:/callback' })),
  created_at: instant,
  last_used_at: nullableInstant.meta({ description: 'Within a minute or so; null: never' }),
})

export const clientIdSchema = z.object({ id: clientId })

export const clientQuerySchema = z.object({
  page: integerText(1, 1_000_000).default(1).meta({ description: 'From 1' }),
  pageSize: integerText(1, 100).default(20),
})

export const clientListSchema = z.object({
  clients: z.array(client),
  total: z.int().meta({ minimum: 0, maximum: undefined, example: 1 }),
  page: z.int().meta({ minimum: 1, maximum: undefined, example: 1 }),
  pageSize: z.int().meta({ minimum: 1, maximum: 100, example: 20 }),
  totalPages: z.int().meta({ minimum: 0, maximum: undefined, example: 1 }),
})

export const deletedClientSchema = z.object({
  message: z.string().meta({ example: 'Client deleted successfully' }),
  revoked_grants: z.int().meta({
    minimum: 0,
    maximum: undefined,
    example: 2,
    description: 'Grants that were live until now',
  }),
  client,
})
