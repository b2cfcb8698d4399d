import { jsonAnswer } from '../answer.js'
import { renderCaSummary } from '../render/ca.js'
import { caListSchema, caQuerySchema } from '../schemas/ca.js'
import { apiEndpoint } from './api-endpoint.js'

export const listCas = apiEndpoint({
  method: 'GET',
  path: '/v1/cas',
  access: 'general',
  query: caQuerySchema,
  operation: {
    id: 'listCas',
    tag: 'Certificate authorities',
    summary: 'List CAs',
    description: 'The CAs that the credential may read. Revoked ones are left out.',
    refusals: [400],
  },
  success: { description: 'The CAs', schema: caListSchema },
  run: async ({ query, authority, caller }) => {
    const cas = await authority.listCas(query, caller)
    return jsonAnswer({ cas: cas.map(renderCaSummary) })
  },
})
