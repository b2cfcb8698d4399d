import { jsonAnswer } from '../answer.js'
import { renderClient } from '../render/client.js'
import { clientIdSchema, deletedClientSchema } from '../schemas/client.js'
import { apiEndpoint } from './api-endpoint.js'

export const deleteClient = apiEndpoint({
  method: 'POST',
  path: '/v1/oauth/clients/:id/delete',
  access: 'general',
  parameters: clientIdSchema,
  operation: {
    id: 'deleteClient',
    tag: 'Access',
    summary: 'Delete one of your OAuth clients',
    description: 'With every grant that it has: its tokens stop working at once, in every process.',
    extension: true,
    refusals: [400, 403, 404],
  },
  success: { description: 'The client, which is gone', schema: deletedClientSchema },
  run: async ({ parameters, authority, caller }) => {
    const { client, revokedGrants } = await authority.deleteOAuthClient({ clientId: parameters.id }, caller)
    return jsonAnswer({
      message: 'Client deleted successfully',
      revoked_grants: revokedGrants,
      client: renderClient(client),
    })
  },
})
