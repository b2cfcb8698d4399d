import { jsonAnswer } from '../answer.js'
import { renderGrant } from '../render/grant.js'
import { grantListSchema, grantQuerySchema } from '../schemas/grant.js'
import { apiEndpoint } from './api-endpoint.js'

export const listGrants = apiEndpoint({
  method: 'GET',
  path: '/v1/oauth/grants',
  access: 'general',
  query: grantQuerySchema,
  operation: {
    id: 'listGrants',
    tag: 'Access',
    summary: 'List what was granted to OAuth clients',
    description:
      'Oldest first. An API key sees the grants of its user in its workspace, a token its own grant alone.',
    extension: true,
    refusals: [400],
  },
  success: { description: 'The grants', schema: grantListSchema },
  run: async ({ query, authority, caller }) => {
    const { items, ...page } = await authority.listGrants(query, caller)
    return jsonAnswer({ grants: items.map(renderGrant), ...page })
  },
})
