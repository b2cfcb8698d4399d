import { jsonAnswer } from '../answer.js'
import { renderIssued } from '../render/certificate.js'
import { renewAnswerSchema } from '../schemas/certificate.js'
import { idSchema, renewBodySchema } from '../schemas/certificate-requests.js'
import { apiEndpoint } from './api-endpoint.js'
import { replayHeaders } from './replay.js'

export const renewCertificate = apiEndpoint({
  method: 'POST',
  path: '/v1/certificates/:id/renew',
  access: 'issue',
  parameters: idSchema,
  body: { required: false, schema: renewBodySchema, example: { validityDays: 90 } },
  operation: {
    id: 'renewCertificate',
    tag: 'Certificates',
    summary: 'Renew a certificate',
    description:
      'A new certificate with the names and the profile of an earlier one. Managed: with a new key pair. From a CSR: for the key of a new CSR.',
    idempotent: true,
    refusals: [400, 403, 404, 409, 413, 415, 422],
  },
  success: { description: 'The new certificate', schema: renewAnswerSchema },
  run: async ({ parameters, body, authority, issueOptions }) => {
    const issued = await authority.renew({ certificateId: parameters.id, ...body }, issueOptions)
    return jsonAnswer(
      { message: 'Certificate renewed successfully', ...renderIssued(issued) },
      replayHeaders(issued),
    )
  },
})
