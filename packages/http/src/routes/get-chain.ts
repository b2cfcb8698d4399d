import { jsonAnswer } from '../answer.js'
import { wirePem } from '../render/text.js'
import { chainSchema } from '../schemas/ca.js'
import { idSchema } from '../schemas/certificate-requests.js'
import { apiEndpoint } from './api-endpoint.js'

export const getChain = apiEndpoint({
  method: 'GET',
  path: '/v1/cas/:id/chain',
  access: 'general',
  parameters: idSchema,
  operation: {
    id: 'getChain',
    tag: 'Certificate authorities',
    summary: 'Read the chain of a CA',
    description: 'The certificates from this CA up to its root, for a server configuration or a trust store.',
    refusals: [400, 403, 404],
  },
  success: { description: 'The chain', schema: chainSchema },
  run: async ({ parameters, authority, caller }) => {
    const chain = await authority.chain(parameters.id, caller)
    return jsonAnswer({ caId: parameters.id, chainLength: chain.length, chain: chain.map(wirePem) })
  },
})
