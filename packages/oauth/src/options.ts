import { type Authority, operator, type Storage } from '@certwright/core'

/** Somebody who is signed in with the host. */
export interface OAuthUser {
  /** The id of a user of the authority: `authority.createUser`. What it may grant, its memberships say. */
  readonly id: string
}

export interface OAuthOptions {
  readonly authority: Authority
  /** The same as the authority's: clients, grants and the hashes of tokens are kept there. */
  readonly storage: Storage
  /**
   * Where clients reach the handler, without a slash at the end, as in `https://pki.example.org` or
   * `https://example.org/pki`. Every URL that is told to clients is made of it, and none of a request's own headers.
   * `https`, or `http` on a loopback address.
   */
  readonly issuer: string
  /**
   * What a token may be for (RFC 8707), the first one where a client does not say: absolute URIs without a slash at the
   * end, at most 10. Default: the issuer.
   */
  readonly resources?: readonly string[]
  /** Who is signed in: asked anew by every page, so the host's own session decides. */
  readonly getUser: (request: Request) => Promise<OAuthUser | undefined>
  /** Where to send somebody who is not signed in. @param returnTo the absolute URL to come back to */
  readonly signInUrl: (returnTo: string) => string
  /** Token and revocation requests a minute and address. Default: 60. */
  readonly tokensPerMinute?: number
  /** Registrations of clients a minute and address. Default: 10. */
  readonly registrationsPerMinute?: number
  /** Current time. Default: the platform's clock. */
  readonly now?: () => Date
}

/** The options, checked, and what follows from them. */
export interface Settings {
  readonly authority: Authority
  readonly storage: Storage
  readonly issuer: string
  /** The path of the issuer: what lies in front of every path of ours, as clients see it. '' or `/pki`. */
  readonly pathPrefix: string
  readonly resources: readonly string[]
  readonly getUser: OAuthOptions['getUser']
  readonly signInUrl: OAuthOptions['signInUrl']
  readonly tokensPerMinute: number
  readonly registrationsPerMinute: number
  readonly now: () => Date
}

/** The authorization server in the audit log: it writes down what users have decided. */
export const serverCaller = { principal: operator('oauth') }

/** Each has a metadata document of its own, and a place in every authorization server's metadata. */
const maximumResources = 10

/** @throws {TypeError | RangeError} an option that cannot be honoured */
export function settingsOf(options: OAuthOptions): Settings {
  const { authority, storage, issuer, resources = [issuer], getUser, signInUrl } = options
  requireIssuer(issuer)
  if (resources.length === 0 || resources.length > maximumResources) {
    throw new RangeError(`resources: expected 1 to ${maximumResources}, got ${resources.length}`)
  }
  for (const resource of resources) requireResource(resource)
  const { pathname } = new URL(issuer)
  return {
    authority,
    storage,
    issuer,
    pathPrefix: pathname === '/' ? '' : pathname,
    resources,
    getUser,
    signInUrl,
    tokensPerMinute: options.tokensPerMinute ?? 60,
    registrationsPerMinute: options.registrationsPerMinute ?? 10,
    now: options.now ?? (() => new Date()),
  }
}

/** RFC 8414 §2: https, no query, no fragment. Codes and tokens travel there; on a loopback address nobody listens. */
function requireIssuer(issuer: string): void {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined
  const isSound =
    url !== undefined &&
    (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname))) &&
    `${url.origin}${url.pathname === '/' ? '' : url.pathname}` === issuer &&
    /^(?:\/[\w.~-]+)*$/.test(new URL(issuer).pathname.replace(/^\/$/, ''))
  if (isSound) return
  throw new TypeError(
    'issuer: expected an https URL (http on a loopback address) without query and without a slash at the end',
  )
}

function requireResource(resource: string): void {
  const isSound =
    URL.canParse(resource) && !/[?#]|\/$/.test(resource) && /^https?:\/\/[\x21-\x7e]+$/.test(resource)
  if (isSound) return
  throw new TypeError('resources: expected absolute URLs without query and without a slash at the end')
}

/** RFC 8252 §7.3, and the name that people type instead. */
export const isLoopbackHost = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
