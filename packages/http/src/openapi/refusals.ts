import type { HeaderObject, Reference, ResponseObject } from './document-types.js'

export const responseHeaders = {
  'Certwright-Error': textHeader('The stable code of the refusal, such as name_refused'),
  'X-Request-Id': textHeader('The id of this request in the logs; yours, where you sent a well-formed one'),
  'Idempotent-Replayed': textHeader(
    '"true" where this answer was given before under the same Idempotency-Key',
  ),
  'RateLimit-Limit': numberHeader('Requests a minute'),
  'RateLimit-Remaining': numberHeader('Requests left in this minute'),
  'RateLimit-Reset': numberHeader('Seconds until the minute is over'),
  'Retry-After': numberHeader('Seconds to wait before the next attempt'),
  'WWW-Authenticate': textHeader('RFC 6750: Bearer'),
} as const satisfies Record<string, HeaderObject>

export type HeaderName = keyof typeof responseHeaders

export const headerReference = (name: HeaderName): Reference => ({ $ref: `#/components/headers/${name}` })

export function headerReferences(...names: readonly HeaderName[]): Record<string, Reference> {
  return Object.fromEntries(names.map((name) => [name, headerReference(name)]))
}

/** One shared response a status. Operations refer to them by `refusalReference`. */
export const refusalResponses: Readonly<Record<string, ResponseObject>> = {
  Status400: refusal('The request is not what it has to be, or no certificate can come of it'),
  Status401: refusal('The credential is missing or not valid', 'WWW-Authenticate'),
  Status403: refusal('The credential lacks the right'),
  Status404: refusal('There is no such thing, or the credential has no right at all on it'),
  Status409: refusal('The state of the certificate, or a request in progress, is in the way', 'Retry-After'),
  Status413: refusal('The body is too large'),
  Status415: refusal('The body has another content type'),
  Status422: refusal('The Idempotency-Key was used for another request'),
  Status429: refusal(
    'Too many requests',
    'Retry-After',
    'RateLimit-Limit',
    'RateLimit-Remaining',
    'RateLimit-Reset',
  ),
  Status500: refusal('A failure on our side'),
  Status503: refusal('Store or key custody cannot be reached at the moment', 'Retry-After'),
}

export function refusalReference(status: number): Reference {
  return { $ref: `#/components/responses/Status${status}` }
}

function refusal(description: string, ...headers: readonly HeaderName[]): ResponseObject {
  return {
    description,
    headers: headerReferences('Certwright-Error', 'X-Request-Id', ...headers),
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
  }
}

function textHeader(description: string): HeaderObject {
  return { description, schema: { type: 'string' } }
}

function numberHeader(description: string): HeaderObject {
  return { description, schema: { type: 'integer', minimum: 0 } }
}
