import { bytesAnswer } from '../answer.js'
import { parseParameters } from '../routes/parse-input.js'
import type { PublicEndpoint } from '../routes/endpoint.js'
import { caIdSchema } from '../schemas/certificate-requests.js'
import { isNotModified, revocationCacheControl } from './cache.js'

const contentType = 'application/pkix-crl'

/** RFC 5280 §4.2.1.13: the DER of the list, at the address in the CRL distribution point of every certificate. */
export const crl: PublicEndpoint = {
  method: 'GET',
  path: '/crl/:caId',
  access: 'public',
  operation: {
    id: 'getCrl',
    tag: 'Revocation information',
    summary: 'Read the CRL of a CA',
    description: 'The current list in DER. It may be cached as its headers say.',
    extension: true,
    parameters: caIdSchema,
    success: { description: 'The CRL', content: { kind: 'binary', mediaType: contentType } },
    refusals: [400, 404],
  },
  async serve(visit) {
    const { caId } = parseParameters(caIdSchema, visit.parameters)
    const { der, number, thisUpdate, nextUpdate } = await visit.authority.crl(caId)
    const headers = {
      'cache-control': revocationCacheControl(nextUpdate, visit.now()),
      etag: `"${number}"`,
      'last-modified': thisUpdate.toUTCString(),
    }
    if (isNotModified(visit.request, headers.etag, thisUpdate))
      return { status: 304, headers, body: undefined }
    return bytesAnswer(contentType, der, headers)
  },
}
