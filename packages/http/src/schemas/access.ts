import { z } from 'zod'
import { uuid } from './values.js'

export const rights = z.object({
  canRead: z.boolean().meta({ example: true }),
  canIssue: z.boolean().meta({ example: true }),
  canRevoke: z.boolean().meta({ example: false }),
})

export const whoamiSchema = z.object({
  user: z.object({ id: uuid, email: z.string().meta({ example: 'ops@shop.example' }) }),
  workspace: z.object({
    id: uuid,
    name: z.string().meta({ example: 'Shop' }),
    slug: z.string().meta({ example: 'shop' }),
  }),
  apiKey: z
    .optional(
      z.object({
        id: uuid,
        name: z.string().meta({ example: 'Deployment' }),
        prefix: z.string().meta({ description: 'The first characters of the key', example: 'cm_Zk3v9QpX' }),
      }),
    )
    .meta({ description: 'Where the credential is an API key' }),
  oauthClient: z
    .optional(
      z.object({
        id: z.string().meta({ example: '990e8400-e29b-41d4-a716-446655440004' }),
        name: z.string().meta({ example: 'Inventory' }),
      }),
    )
    .meta({
      description: 'Extension. Where the credential is an OAuth access token: the client that holds it',
    }),
  permissions: z.record(uuid, rights).meta({ description: 'By CA id' }),
})
