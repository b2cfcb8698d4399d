import type { Authority } from '@certwright/core'
import { handle, type HandlerParts } from './handle.js'
import { type DocumentFacts, openApiDocument } from './openapi/document.js'
import type { OpenApiDocument } from './openapi/document-types.js'
import type { Handler, HandlerOptions } from './options.js'
import { ownHandler } from './own-handler.js'
import { caCertificate } from './public/ca-certificate.js'
import { crlEndpoints } from './public/crl.js'
import { docsEndpoint, openApiEndpoint } from './public/documents.js'
import { metricsEndpoint } from './public/metrics.js'
import { ocspGet, ocspPost } from './public/ocsp.js'
import type { ExtensionEndpoint } from './extension.js'
import { noRateLimits, rateLimits, requireLimit } from './rate-limit.js'
import { createRouter } from './router.js'
import { apiEndpoints } from './routes/api-endpoints.js'
import type { Endpoint } from './routes/endpoint.js'

/**
 * The REST API of an authority, with its OpenAPI document at `/v1/openapi`, a page for people at `/docs`, and the
 * public `/crl/:caId`, `/ocsp/:caId` and `/ca/:caId` that certificates point to.
 *
 * @throws {TypeError | RangeError} an option is out of bounds
 */
export function createHandler(authority: Authority, options: HandlerOptions = {}): Handler {
  const { basePath = '', maxBodyBytes = 65_536, publicUrl, logger } = options
  if (!/^(?:\/[\w.~-]+)*$/.test(basePath)) {
    throw new TypeError(
      'Cannot create handler: basePath must begin with a slash and not end with one, as in "/pki"',
    )
  }
  if (!Number.isSafeInteger(maxBodyBytes) || maxBodyBytes < 1) {
    throw new RangeError('Cannot create handler: maxBodyBytes must be a positive whole number')
  }
  const { extensions = [] } = options
  const parts: HandlerParts = {
    authority,
    router: createRouter(
      [
        ...allEndpoints({
          serverUrl: publicUrl ?? (basePath === '' ? '/' : basePath),
          oauth2: extensions.find(({ oauth2 }) => oauth2 !== undefined)?.oauth2,
        }),
        ...(options.metrics === undefined ? [] : [metricsEndpoint(options.metrics.bearerToken)]),
        ...extensions.flatMap(({ endpoints }) => endpoints.map(requireSoundLimit)),
      ],
      basePath,
    ),
    extensions,
    limits: options.rateLimits === false ? noRateLimits : rateLimits(options.rateLimits ?? {}),
    basePath,
    maximumBodyBytes: maxBodyBytes,
    logger,
    clientAddress: options.clientAddress ?? ((_request, connection) => connection.remoteAddress),
    now: options.now ?? (() => new Date()),
  }
  return ownHandler((arrival) => handle(arrival, parts))
}

function requireSoundLimit(endpoint: ExtensionEndpoint): ExtensionEndpoint {
  if (endpoint.access === 'public' && endpoint.limit) {
    requireLimit(endpoint.limit.name, endpoint.limit.perMinute)
  }
  return endpoint
}

function allEndpoints(facts: DocumentFacts): readonly Endpoint[] {
  let document: OpenApiDocument | undefined
  const readDocument = (): OpenApiDocument => {
    document ??= openApiDocument(endpoints, facts)
    return document
  }
  const endpoints: readonly Endpoint[] = [
    ...apiEndpoints,
    ...crlEndpoints(),
    ocspGet,
    ocspPost,
    caCertificate,
    openApiEndpoint(readDocument),
    docsEndpoint(readDocument),
  ]
  return endpoints
}
