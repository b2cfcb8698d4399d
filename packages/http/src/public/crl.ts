import { type Answer, bytesAnswer, ownBytes } from '../answer.js'
import { parseParameters } from '../routes/parse-input.js'
import type { PublicEndpoint, Visit } from '../routes/endpoint.js'
import { caIdSchema } from '../schemas/certificate-requests.js'
import { type ByteRange, requestedRange } from './byte-range.js'
import { isNotModified, revocationCacheControl } from './cache.js'
import { acceptsGzip, type CompressedLists, compressedLists } from './compressed-lists.js'

const contentType = 'application/pkix-crl'

/** RFC 5280 §4.2.1.13: the DER of the list, at the address in the CRL distribution point of every certificate. */
export function crlEndpoint(): PublicEndpoint {
  const compressed = compressedLists()
  return {
    method: 'GET',
    path: '/crl/:caId',
    access: 'public',
    operation: {
      id: 'getCrl',
      tag: 'Revocation information',
      summary: 'Read the CRL of a CA',
      description: 'The current list in DER. It may be cached as its headers say, and downloaded in parts.',
      extension: true,
      parameters: caIdSchema,
      success: { description: 'The CRL', content: { kind: 'binary', mediaType: contentType } },
      refusals: [400, 404],
    },
    serve: (visit) => serveCrl(visit, compressed),
  }
}

async function serveCrl(visit: Visit, compressed: CompressedLists): Promise<Answer> {
  const { caId } = parseParameters(caIdSchema, visit.parameters)
  const { der, number, thisUpdate, nextUpdate } = await visit.authority.crl(caId)
  const list = { bytes: ownBytes(der), entityTag: `"${number}"` }
  const headers = {
    'cache-control': revocationCacheControl(nextUpdate, visit.now()),
    'last-modified': thisUpdate.toUTCString(),
    expires: nextUpdate.toUTCString(),
    'accept-ranges': 'bytes',
    vary: 'accept-encoding',
  }
  if (acceptsGzip(visit.request) && !visit.request.headers.has('range')) {
    const gzip = await compressed.gzip({ caId, version: list.entityTag, der: list.bytes })
    // Another form is another version to a cache: a part of one does not fit into the other (RFC 9110 §8.8.3.3).
    const form = { bytes: gzip, entityTag: `"${number}-gzip"` }
    if (gzip !== undefined)
      return whole(visit, { ...form, bytes: gzip }, { ...headers, 'content-encoding': 'gzip' }, thisUpdate)
  }
  const range = requestedRange(visit.request, { length: list.bytes.length, entityTag: list.entityTag })
  return range === undefined ? whole(visit, list, headers, thisUpdate) : part(list, range, headers)
}

interface Form {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly entityTag: string
}

type Headers = Readonly<Record<string, string>>

function whole(visit: Visit, { bytes, entityTag }: Form, headers: Headers, thisUpdate: Date): Answer {
  const tagged = { ...headers, etag: entityTag }
  if (isNotModified(visit.request, entityTag, thisUpdate))
    return { status: 304, headers: tagged, body: undefined }
  return bytesAnswer(contentType, bytes, tagged)
}

function part({ bytes, entityTag }: Form, range: ByteRange | 'unsatisfiable', headers: Headers): Answer {
  const tagged = { ...headers, etag: entityTag }
  if (range === 'unsatisfiable') {
    const unsatisfied = { ...tagged, 'content-range': `bytes */${bytes.length}` }
    return { status: 416, headers: unsatisfied, body: undefined }
  }
  const { first, last } = range
  const answer = bytesAnswer(contentType, bytes.subarray(first, last + 1), tagged)
  const contentRange = `bytes ${first}-${last}/${bytes.length}`
  return { ...answer, status: 206, headers: { ...answer.headers, 'content-range': contentRange } }
}
