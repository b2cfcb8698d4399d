import type { HandlerExtension } from './extension.js'
import type { RateLimitOptions } from './rate-limit.js'

/**
 * The REST API as a function. It keeps no state between requests but the rate limits, patches no global and can be
 * called from any server or test that has a `Request`.
 */
export type Handler = (request: Request, connection?: Connection) => Promise<Response>

/** What a `Request` does not tell about the connection that it came over. Adapters fill it in. */
export interface Connection {
  /** The peer's address, IPv4 or IPv6. Without it nothing is limited by address. */
  readonly remoteAddress?: string
}

/** The shape of pino and its like: fields first, then the message. */
export interface Logger {
  info(fields: Readonly<Record<string, unknown>>, message: string): void
  warn(fields: Readonly<Record<string, unknown>>, message: string): void
  error(fields: Readonly<Record<string, unknown>>, message: string): void
}

export interface HandlerOptions {
  /** Where the host mounts the handler without taking the prefix off the path, as in `/pki`. Default: none. */
  readonly basePath?: string
  /** The address that clients use, without a slash at the end: the server entry of the OpenAPI document. */
  readonly publicUrl?: string
  /** More endpoints below the same path, as those of `@certwright/oauth`. */
  readonly extensions?: readonly HandlerExtension[]
  /** `false` when something in front of the handler already limits. */
  readonly rateLimits?: RateLimitOptions | false
  /** Gets one line a request and every internal failure. Never headers, bodies or credentials. Default: no log. */
  readonly logger?: Logger
  /** Bodies above it are answered with 413. Default: 65,536 bytes. */
  readonly maxBodyBytes?: number
  /**
   * The address to count a client under. Behind a reverse proxy every connection comes from the proxy, so read the
   * header that *your* proxy sets and that clients cannot forge. Default: `connection.remoteAddress`.
   */
  readonly clientAddress?: (request: Request, connection: Connection) => string | undefined
  /**
   * Serve `GET /metrics` in the text format of Prometheus, to whoever sends this token (`Authorization: Bearer …`): how
   * far the CRL of each CA is behind. At least 16 characters. Default: there is no such endpoint.
   */
  readonly metrics?: { readonly bearerToken: string }
  /** Current time, for the ages in `Cache-Control`. Default: the platform's clock. */
  readonly now?: () => Date
}
