import { jsonAnswer } from '../answer.js'
import { renderCa } from '../render/ca.js'
import { caAnswerSchema } from '../schemas/ca.js'
import { idSchema } from '../schemas/certificate-requests.js'
import { apiEndpoint } from './api-endpoint.js'

export const getCa = apiEndpoint({
  method: 'GET',
  path: '/v1/cas/:id',
  access: 'general',
  parameters: idSchema,
  operation: {
    id: 'getCa',
    tag: 'Certificate authorities',
    summary: 'Read a CA',
    description: 'One CA with its certificate, also when it is revoked.',
    refusals: [400, 403, 404],
  },
  success: { description: 'The CA', schema: caAnswerSchema },
  run: async ({ parameters, authority, caller }) =>
    jsonAnswer({ ca: renderCa(await authority.getCa(parameters.id, caller)) }),
})
