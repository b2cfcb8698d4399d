/** Refusals that only exist because the request came over HTTP; everything else is a `PkiError` of core. */
export type HttpErrorCode =
  | 'route_not_found'
  | 'method_not_allowed'
  | 'invalid_target'
  | 'malformed_json'
  | 'body_unreadable'
  | 'body_too_large'
  | 'unsupported_media_type'
  | 'rate_limited'
  | 'internal_error'

/** The message goes to the client as it stands. */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly code: HttpErrorCode
  readonly headers: Readonly<Record<string, string>>

  constructor(code: HttpErrorCode, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.code = code
    this.headers = headers
  }
}
