import type { Authority, Caller, Principal } from '@certwright/core'

/**
 * What another package adds to the handler. Its endpoints get what the API's own have: the base path, a request id, a log
 * line, rate limits, bounded bodies and the documented error body for whatever they throw.
 */
export interface HandlerExtension {
  readonly endpoints: readonly ExtensionEndpoint[]
  /** Where OAuth clients begin: the OpenAPI document then names OAuth beside the API key. */
  readonly oauth2?: OAuth2Urls
  /**
   * Whether a valid credential may come in here: a token may be for another resource (RFC 8707 §2). Where one extension
   * says no, the answer is 401.
   *
   * @param path of the request, below the base path
   */
  admits?(path: string, principal: Principal): boolean
  /**
   * The `WWW-Authenticate` of a 401 (RFC 9110 §11.6.1), at any endpoint of the handler. The first extension that has an
   * answer is heard; where none has one it is `Bearer`.
   *
   * @param path of the request, below the base path
   * @param fault whether there was no credential, or one that is not valid (RFC 6750 §3.1)
   */
  challenge?(path: string, fault: 'missing' | 'invalid'): string | undefined
}

/** Of the authorization code flow (RFC 6749 §4.1), absolute. */
export interface OAuth2Urls {
  readonly authorizationUrl: string
  /** Also for refresh tokens. */
  readonly tokenUrl: string
}

export type ExtensionEndpoint = PublicExtensionEndpoint | GuardedExtensionEndpoint

interface ExtensionPlace {
  /** HEAD is answered by GET; nobody but the extension answers OPTIONS. */
  readonly method: 'GET' | 'POST' | 'DELETE' | 'OPTIONS'
  /** Segments that begin with `:` are parameters; a last one that begins with `*` takes the rest of the path. */
  readonly path: string
  /** The path is that of the origin and not below the base path: for `/.well-known/…` (RFC 8615). */
  readonly isRootPath?: boolean
}

/** Needs no credential, and is counted by address. */
export interface PublicExtensionEndpoint extends ExtensionPlace {
  readonly access: 'public'
  /** A limit of its own. Absent: it counts with the handler's other public endpoints. */
  readonly limit?: AddressLimit
  serve(visit: ExtensionVisit): Promise<Response>
}

export interface AddressLimit {
  /** What has one name is counted together. */
  readonly name: string
  /** Requests a minute and address. */
  readonly perMinute: number
}

/** Needs a credential; `access` names the rate limit that it counts against. */
export interface GuardedExtensionEndpoint extends ExtensionPlace {
  readonly access: 'general' | 'issue'
  serve(visit: GuardedVisit, caller: Caller): Promise<Response>
}

/** One request, as far as an extension may look at it. */
export interface ExtensionVisit {
  readonly request: Request
  readonly requestId: string
  /** Below the base path, as it arrived. */
  readonly path: string
  /** As they arrived, percent-encoding included. */
  readonly parameters: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly authority: Authority
  readonly now: () => Date
  /**
   * The body, up to the handler's bound, or to a lower one.
   *
   * @throws an error that the handler answers with 413, 415 or 400; let it pass
   */
  readonly readBody: (maximumBytes?: number) => Promise<Uint8Array>
}

/** With the credential's own limits. */
export interface GuardedVisit extends ExtensionVisit {
  /**
   * Count the request against the limit of issuing as well: for an endpoint that learns from the body what is asked.
   *
   * @throws an error that the handler answers with 429; let it pass, or tell its message
   */
  readonly countIssuance: () => Promise<void>
}
