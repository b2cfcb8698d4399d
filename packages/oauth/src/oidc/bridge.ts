import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ServerRequest } from '../server/authorization-server.js'
import { cookieNames } from './cookie-names.js'

export type NodeHandler = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void> | void
/** That of `srvx/node`. Of the ways from a `Request` to a handler of `node:http` it keeps several cookies apart. */
export type FetchNodeHandler = (handler: NodeHandler, request: Request) => Promise<Response>
export type Bridge = (handler: NodeHandler, request: ServerRequest) => Promise<Response>

/**
 * Requests for a handler of `node:http`, and its responses.
 *
 * The library makes URLs of the Host header and of what proxies set, so it gets the issuer's there, and of the request's
 * own headers only those that are named here: a stranger's Host has no way in.
 */
export function bridgeTo(issuer: string, fetchNodeHandler: FetchNodeHandler): Bridge {
  const { origin, host, protocol, pathname } = new URL(issuer)
  const prefix = pathname === '/' ? '' : pathname
  return async (handler, { request, path, query, form }) => {
    const headers = new Headers({
      host,
      'x-forwarded-host': host,
      'x-forwarded-proto': protocol.slice(0, -1),
      // Refusals come as JSON; the pages for people are ours.
      accept: 'application/json',
    })
    const cookie = ownCookies(request.headers.get('cookie') ?? '')
    if (cookie !== '') headers.set('cookie', cookie)
    if (form !== undefined) headers.set('content-type', 'application/x-www-form-urlencoded')
    const search = query === undefined || query.size === 0 ? '' : `?${query}`
    const inner = new Request(`${origin}${path}${search}`, {
      method: form === undefined ? 'GET' : 'POST',
      headers,
      ...(form && { body: form.toString() }),
    })
    return withoutSession(await fetchNodeHandler(below(prefix, handler), inner))
  }
}

/**
 * Where the browser sees a path in front of ours, the library has to know it: it sets cookies for the URL to which the
 * browser comes back. It looks for it where Express leaves it.
 */
const below =
  (prefix: string, handler: NodeHandler): NodeHandler =>
  (incoming, outgoing) =>
    handler(Object.assign(incoming, { originalUrl: `${prefix}${incoming.url}` }), outgoing)

/** The host's cookies are not the library's business. */
const ownCookies = (header: string): string =>
  header
    .split(/; */)
    .filter((pair) => [cookieNames.interaction, cookieNames.resume].some((name) => isNamed(pair, name)))
    .join('; ')

/**
 * The library keeps a session of its own beside the host's. With it, another user in the same browser would meet a page
 * with a script that asks to sign the first one out; without it every authorization stands by itself.
 */
function withoutSession(response: Response): Response {
  const headers = new Headers(response.headers)
  headers.delete('set-cookie')
  for (const cookie of response.headers.getSetCookie()) {
    if (!isNamed(cookie, cookieNames.session)) headers.append('set-cookie', cookie)
  }
  return new Response(response.body, { status: response.status, headers })
}

/** A cookie, or the signature beside it. */
const isNamed = (pair: string, name: string): boolean =>
  pair.startsWith(`${name}=`) || pair.startsWith(`${name}.sig=`)
