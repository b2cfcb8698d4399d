import { z } from 'zod'
import { type Answer, bytesAnswer, ownBytes } from '../answer.js'
import { mediaType } from '../body.js'
import { HttpError } from '../errors/http-error.js'
import type { PublicEndpoint, Visit } from '../routes/endpoint.js'
import { caIdSchema } from '../schemas/certificate-requests.js'
import { caIdOf } from './ca-id.js'
import { isNotModified, revocationCacheControl, revocationTimes } from './cache.js'

const requestType = 'application/ocsp-request'
const responseType = 'application/ocsp-response'

const getParameters = caIdSchema.extend({
  request: z
    .string()
    .meta({ description: 'The OCSPRequest: DER, base64, percent-encoded', example: 'MEUwQz…' }),
})

const success = {
  description: 'An OCSPResponse, also where it tells that the request was malformed',
  content: { kind: 'binary', mediaType: responseType },
} as const

/** RFC 6960 §A.1.1, the form for caches: base64 in the path, whose slashes may come encoded or bare. */
export const ocspGet: PublicEndpoint = {
  method: 'GET',
  path: '/ocsp/:caId/*request',
  access: 'public',
  operation: {
    id: 'askOcspByGet',
    tag: 'Revocation information',
    summary: 'Ask OCSP, cacheable',
    description: 'The status of certificates, RFC 6960.',
    extension: true,
    parameters: getParameters,
    success,
    refusals: [400, 404],
  },
  serve: (visit) => answerOcsp(visit, decodeRequest(visit.parameters['request'] ?? '')),
}

/** RFC 6960 §A.1, the form for requests of any size. */
export const ocspPost: PublicEndpoint = {
  method: 'POST',
  path: '/ocsp/:caId',
  access: 'public',
  operation: {
    id: 'askOcsp',
    tag: 'Revocation information',
    summary: 'Ask OCSP',
    description: 'The status of certificates, RFC 6960.',
    extension: true,
    parameters: caIdSchema,
    requestBody: { required: true, content: { kind: 'binary', mediaType: requestType } },
    success,
    refusals: [400, 404, 413, 415],
  },
  async serve(visit) {
    if (mediaType(visit.request) !== requestType) {
      throw new HttpError(
        'unsupported_media_type',
        `Cannot read body: send it with "Content-Type: ${requestType}"`,
      )
    }
    return answerOcsp(visit, await visit.readBody())
  },
}

async function answerOcsp(visit: Visit, requestDer: Uint8Array): Promise<Answer> {
  const caId = caIdOf(visit.parameters)
  const { der, thisUpdate, nextUpdate } = await visit.authority.answerOcsp(caId, requestDer)
  // Only a definite answer has a nextUpdate; an error response must not outlive its cause in a cache.
  if (thisUpdate === undefined || nextUpdate === undefined)
    return bytesAnswer(responseType, der, { 'cache-control': 'no-store' })
  const cacheControl = revocationCacheControl(nextUpdate, visit.now())
  // What is asked by POST is in no cache (RFC 6960 §A.1): there is nothing to name.
  if (visit.request.method === 'POST')
    return bytesAnswer(responseType, der, {
      'cache-control': cacheControl,
      ...revocationTimes(thisUpdate, nextUpdate),
    })
  const headers = { 'cache-control': cacheControl, ...(await headersOf(der, thisUpdate, nextUpdate)) }
  if (isNotModified(visit.request, headers.etag, thisUpdate)) return { status: 304, headers, body: undefined }
  return bytesAnswer(responseType, der, headers)
}

type KeptHeaders = ReturnType<typeof revocationTimes> & { readonly etag: string }

const keptHeaders = new WeakMap<Uint8Array, Promise<KeptHeaders>>()

/** What is the same each time that an answer is sent. Made once: most go to many. */
function headersOf(der: Uint8Array, thisUpdate: Date, nextUpdate: Date): Promise<KeptHeaders> {
  const known = keptHeaders.get(der)
  if (known !== undefined) return known
  const times = revocationTimes(thisUpdate, nextUpdate)
  const made = entityTagOf(der).then((etag) => ({ ...times, etag }))
  keptHeaders.set(der, made)
  return made
}

/** Half of the SHA-256: a revocation that had the tag of the answer before it would be kept from who asks. */
async function entityTagOf(der: Uint8Array): Promise<string> {
  const octets = new Uint8Array(await crypto.subtle.digest('SHA-256', ownBytes(der)))
  return `"${Array.from(octets.subarray(0, 16), (octet) => octet.toString(16).padStart(2, '0')).join('')}"`
}

/** What is no base64 becomes the empty request, to which the responder says "malformedRequest" in its own format. */
function decodeRequest(path: string): Uint8Array {
  try {
    const binary = atob(decodeURIComponent(path))
    const der = new Uint8Array(binary.length)
    for (let i = 0; i < der.length; i++) der[i] = binary.charCodeAt(i)
    return der
  } catch {
    return new Uint8Array()
  }
}
