import type { Identity } from '@certwright/core'
import { jsonAnswer } from '../answer.js'
import { whoamiSchema } from '../schemas/access.js'
import { apiEndpoint } from './api-endpoint.js'

export const whoami = apiEndpoint({
  method: 'GET',
  path: '/v1/whoami',
  access: 'general',
  operation: {
    id: 'whoami',
    tag: 'Access',
    summary: 'Who am I, and what may I do',
    description: 'The user, workspace and key behind the credential, and its rights by CA.',
    refusals: [403],
  },
  success: { description: 'The key and its rights', schema: whoamiSchema },
  run: async ({ authority, caller }) => {
    const identity = await authority.whoami(caller)
    const { user, workspace, permissions } = identity
    return jsonAnswer({
      user: { id: user.id, email: user.email },
      workspace: { id: workspace.id, name: workspace.name, slug: workspace.slug },
      ...credentialOf(identity),
      permissions: Object.fromEntries(
        Object.entries(permissions).map(([caId, { canRead, canIssue, canRevoke }]) => [
          caId,
          { canRead, canIssue, canRevoke },
        ]),
      ),
    })
  },
})

function credentialOf(identity: Identity) {
  if ('oauthClient' in identity) {
    const { id, name } = identity.oauthClient
    return { oauthClient: { id, name } }
  }
  const { id, name, prefix } = identity.apiKey
  return { apiKey: { id, name, prefix } }
}
