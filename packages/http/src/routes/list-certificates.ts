import { jsonAnswer } from '../answer.js'
import { renderCertificateSummary } from '../render/certificate.js'
import { certificateListSchema } from '../schemas/certificate.js'
import { certificateQuerySchema } from '../schemas/certificate-requests.js'
import { apiEndpoint } from './api-endpoint.js'

export const listCertificates = apiEndpoint({
  method: 'GET',
  path: '/v1/certificates',
  access: 'general',
  query: certificateQuerySchema,
  operation: {
    id: 'listCertificates',
    tag: 'Certificates',
    summary: 'List certificates',
    description: 'The certificates of every CA that the credential may read, filtered and in pages.',
    refusals: [400, 403, 404],
  },
  success: { description: 'One page', schema: certificateListSchema },
  run: async ({ query, authority, caller }) => {
    const { certificates, total, page, pageSize, totalPages } = await authority.listCertificates(
      query,
      caller,
    )
    return jsonAnswer({
      certificates: certificates.map(renderCertificateSummary),
      total,
      page,
      pageSize,
      totalPages,
    })
  },
})
