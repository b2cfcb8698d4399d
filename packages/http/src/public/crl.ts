import { z } from 'zod'
import { type Answer, bytesAnswer, ownBytes } from '../answer.js'
import type { PublicEndpoint, Visit } from '../routes/endpoint.js'
import { caIdSchema } from '../schemas/certificate-requests.js'
import { caIdOf } from './ca-id.js'
import { type ByteRange, requestedRange } from './byte-range.js'
import { isNotModified, revocationCacheControl, revocationTimes } from './cache.js'
import { acceptsGzip, type CompressedLists, compressedLists } from './compressed-lists.js'

const contentType = 'application/pkix-crl'

/** RFC 5280 §4.2.1.13: the DER of the list, at the address in the CRL distribution point of every certificate. */
export function crlEndpoints(): readonly PublicEndpoint[] {
  const compressed = compressedLists()
  const common = { method: 'GET', access: 'public' } as const
  const operation = {
    tag: 'Revocation information',
    extension: true,
    success: { description: 'The CRL', content: { kind: 'binary', mediaType: contentType } },
    refusals: [400, 404],
  } as const
  return [
    {
      ...common,
      path: '/crl/:caId',
      operation: {
        ...operation,
        id: 'getCrl',
        summary: 'Read the CRL of a CA',
        description: 'The current list in DER. It may be cached as its headers say, and downloaded in parts.',
        parameters: caIdSchema,
      },
      serve: (visit) => serveCrl(visit, compressed),
    },
    {
      ...common,
      path: '/crl/:caId/:scope',
      operation: {
        ...operation,
        id: 'getCrlPart',
        summary: 'Read the delta CRL of a CA, or a partition of its CRL',
        description: 'Where the CA publishes such lists: the address is in its certificates.',
        parameters: partSchema,
      },
      serve: (visit) => serveCrl(visit, compressed),
    },
  ]
}

const partSchema = caIdSchema.extend({
  scope: z.string().meta({ description: '`delta`, or a partition as `3-of-16`', example: 'delta' }),
})

async function serveCrl(visit: Visit, compressed: CompressedLists): Promise<Answer> {
  const { scope } = visit.parameters
  const caId = caIdOf(visit.parameters)
  const { der, number, thisUpdate, nextUpdate } = await visit.authority.crl(caId, scope)
  const list = { bytes: ownBytes(der), entityTag: `"${number}"` }
  const headers = {
    'cache-control': revocationCacheControl(nextUpdate, visit.now()),
    ...revocationTimes(thisUpdate, nextUpdate),
    'accept-ranges': 'bytes',
    vary: 'accept-encoding',
  }
  if (acceptsGzip(visit.request) && !visit.request.headers.has('range')) {
    const gzip = await compressed.gzip({ key: `${caId} ${scope}`, version: list.entityTag, der: list.bytes })
    // Another form is another version to a cache: a part of one does not fit into the other (RFC 9110 §8.8.3.3).
    const form = { bytes: gzip, entityTag: `"${number}-gzip"` }
    if (gzip !== undefined)
      return whole(visit, { ...form, bytes: gzip }, { ...headers, 'content-encoding': 'gzip' }, thisUpdate)
  }
  const range = requestedRange(visit.request, { length: list.bytes.length, entityTag: list.entityTag })
  // Who has this version needs no part of it either (RFC 9110 §13.2.2: If-None-Match goes before Range).
  if (range === undefined || isNotModified(visit.request, list.entityTag, thisUpdate))
    return whole(visit, list, headers, thisUpdate)
  return part(list, range, headers)
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
