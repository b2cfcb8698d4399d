import { jsonAnswer } from '../answer.js'
import { renderClient } from '../render/client.js'
import { clientListSchema, clientQuerySchema } from '../schemas/client.js'
import { apiEndpoint } from './api-endpoint.js'

export const listClients = apiEndpoint({
  method: 'GET',
  path: '/v1/oauth/clients',
  access: 'general',
  query: clientQuerySchema,
  operation: {
    id: 'listClients',
    tag: 'Access',
    summary: 'List your OAuth clients',
    description:
      'Oldest first: the confidential clients that belong to the user of the API key, in its workspace. A token sees none.',
    extension: true,
    refusals: [400, 403],
  },
  success: { description: 'The clients, without their secrets', schema: clientListSchema },
  run: async ({ query, authority, caller }) => {
    const { items, ...page } = await authority.listOAuthClients(query, caller)
    return jsonAnswer({ clients: items.map(renderClient), ...page })
  },
})
