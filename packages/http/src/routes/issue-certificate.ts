import { jsonAnswer } from '../answer.js'
import { renderIssued } from '../render/certificate.js'
import { issueAnswerSchema } from '../schemas/certificate.js'
import { issueBodySchema } from '../schemas/certificate-requests.js'
import { apiEndpoint } from './api-endpoint.js'
import { replayHeaders } from './replay.js'

export const issueCertificate = apiEndpoint({
  method: 'POST',
  path: '/v1/certificates',
  access: 'issue',
  body: {
    required: true,
    schema: issueBodySchema,
    example: {
      caId: '3f6c1f0e-5f0a-4c83-9d4c-0b8b7a3f2c11',
      commonName: 'shop.example',
      sanDns: ['shop.example', '*.shop.example'],
      validityDays: 90,
    },
  },
  operation: {
    id: 'issueCertificate',
    tag: 'Certificates',
    summary: 'Issue a certificate',
    description:
      'With a key pair made here, or for the key of your CSR. A CSR proves the key and may propose names; the profile decides everything else.',
    idempotent: true,
    refusals: [400, 403, 404, 409, 413, 415, 422],
  },
  success: { description: 'The certificate, recorded and ready for use', schema: issueAnswerSchema },
  run: async ({ body, authority, issueOptions }) => {
    const issued = await authority.issue(body, issueOptions)
    return jsonAnswer(renderIssued(issued), replayHeaders(issued))
  },
})
