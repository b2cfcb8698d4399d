import { jsonAnswer } from '../answer.js'
import { renderCertificate } from '../render/certificate.js'
import { certificateAnswerSchema } from '../schemas/certificate.js'
import { idSchema } from '../schemas/certificate-requests.js'
import { apiEndpoint } from './api-endpoint.js'

export const getCertificate = apiEndpoint({
  method: 'GET',
  path: '/v1/certificates/:id',
  access: 'general',
  parameters: idSchema,
  operation: {
    id: 'getCertificate',
    tag: 'Certificates',
    summary: 'Read a certificate',
    description: 'One certificate with its PEM, its profile and what it renews.',
    extension: true,
    refusals: [400, 403, 404],
  },
  success: { description: 'The certificate', schema: certificateAnswerSchema },
  run: async ({ parameters, authority, caller }) =>
    jsonAnswer({ certificate: renderCertificate(await authority.getCertificate(parameters.id, caller)) }),
})
