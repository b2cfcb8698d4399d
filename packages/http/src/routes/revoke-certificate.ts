import { jsonAnswer } from '../answer.js'
import { renderRevoked } from '../render/certificate.js'
import { revokeAnswerSchema } from '../schemas/certificate.js'
import { idSchema, revokeBodySchema } from '../schemas/certificate-requests.js'
import { apiEndpoint } from './api-endpoint.js'

export const revokeCertificate = apiEndpoint({
  method: 'POST',
  path: '/v1/certificates/:id/revoke',
  access: 'general',
  parameters: idSchema,
  body: { required: false, schema: revokeBodySchema, example: { reason: 'keyCompromise' } },
  operation: {
    id: 'revokeCertificate',
    tag: 'Certificates',
    summary: 'Revoke a certificate',
    description: 'From now on OCSP answers that it is revoked, and the CRL of its CA lists it.',
    refusals: [400, 403, 404, 409, 413, 415],
  },
  success: { description: 'When and why it was revoked', schema: revokeAnswerSchema },
  run: async ({ parameters, body, authority, caller }) => {
    const certificate = await authority.revoke({ certificateId: parameters.id, ...body }, caller)
    return jsonAnswer({
      message: 'Certificate revoked successfully',
      certificate: renderRevoked(certificate),
    })
  },
})
