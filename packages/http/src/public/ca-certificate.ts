import { bytesAnswer } from '../answer.js'
import type { PublicEndpoint } from '../routes/endpoint.js'
import { caIdSchema } from '../schemas/certificate-requests.js'
import { caIdOf } from './ca-id.js'

const contentType = 'application/pkix-cert'

/** RFC 5280 §4.2.2.1: the issuer's certificate in DER, for who has the certificate but not the chain. */
export const caCertificate: PublicEndpoint = {
  method: 'GET',
  path: '/ca/:caId',
  access: 'public',
  operation: {
    id: 'getCaCertificate',
    tag: 'Revocation information',
    summary: 'Read the certificate of a CA',
    description:
      'The certificate in DER, where the authority information access of what it issued points to.',
    extension: true,
    parameters: caIdSchema,
    success: { description: 'The certificate', content: { kind: 'binary', mediaType: contentType } },
    refusals: [400, 404],
  },
  async serve(visit) {
    const caId = caIdOf(visit.parameters)
    const der = await visit.authority.caCertificate(caId)
    // The certificate of an id never changes: a renewed CA is another one.
    return bytesAnswer(contentType, der, { 'cache-control': 'public, max-age=86400, immutable' })
  },
}
