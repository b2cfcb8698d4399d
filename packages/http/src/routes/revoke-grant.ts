import { jsonAnswer } from '../answer.js'
import { renderGrant } from '../render/grant.js'
import { grantIdSchema, revokedGrantSchema } from '../schemas/grant.js'
import { apiEndpoint } from './api-endpoint.js'

export const revokeGrant = apiEndpoint({
  method: 'POST',
  path: '/v1/oauth/grants/:id/revoke',
  access: 'general',
  parameters: grantIdSchema,
  operation: {
    id: 'revokeGrant',
    tag: 'Access',
    summary: 'Take back what was granted to an OAuth client',
    description: 'Its tokens stop working at once, in every process. A token may revoke its own grant.',
    extension: true,
    refusals: [400, 404, 409],
  },
  success: { description: 'The grant, which has ended', schema: revokedGrantSchema },
  run: async ({ parameters, authority, caller }) => {
    const grant = await authority.revokeGrant({ grantId: parameters.id }, caller)
    return jsonAnswer({ message: 'Grant revoked successfully', grant: renderGrant(grant) })
  },
})
