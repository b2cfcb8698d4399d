import { jsonAnswer } from '../answer.js'
import { renderCertificateSummary } from '../render/certificate.js'
import { releaseAnswerSchema } from '../schemas/certificate.js'
import { idSchema, releaseBodySchema } from '../schemas/certificate-requests.js'
import { apiEndpoint } from './api-endpoint.js'

export const releaseHold = apiEndpoint({
  method: 'POST',
  path: '/v1/certificates/:id/release',
  access: 'general',
  parameters: idSchema,
  body: { required: false, schema: releaseBodySchema, example: {} },
  operation: {
    id: 'releaseHold',
    tag: 'Certificates',
    summary: 'End the hold of a certificate',
    description:
      'A certificate that was revoked with the reason `certificateHold` is good again, at once for OCSP and in the next CRL.',
    extension: true,
    refusals: [400, 403, 404, 409, 413, 415],
  },
  success: { description: 'The certificate, which is not revoked', schema: releaseAnswerSchema },
  run: async ({ parameters, body, authority, caller }) => {
    const certificate = await authority.releaseHold({ certificateId: parameters.id, ...body }, caller)
    return jsonAnswer({
      message: 'Hold ended successfully',
      certificate: renderCertificateSummary(certificate),
    })
  },
})
