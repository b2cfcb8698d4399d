import type { IncomingMessage, ServerResponse } from 'node:http'
import { mediaType } from './body.js'
import { connectionOf, listenerOf } from './node.js'
import type { Handler } from './options.js'
import type { Arrival } from './own-handler.js'

/** What Express adds to a request, as far as it matters here: `ip` follows its "trust proxy" setting. */
interface ExpressRequest extends IncomingMessage {
  readonly body?: unknown
  readonly ip?: string | undefined
}

export type ExpressHandler = (request: ExpressRequest, response: ServerResponse) => void

/**
 * The handler as Express middleware: `app.use('/pki', expressHandler(handler))`. Express takes the mount path off, so
 * the handler needs no `basePath`. It answers every request below that path and never calls `next`.
 *
 * It may stand behind body parsers. They consume the body; it is then written again from what they made of it.
 */
export function expressHandler(handler: Handler): ExpressHandler {
  return listenerOf(handler, arrive)
}

function arrive(request: Request, incoming: ExpressRequest): Arrival {
  const connection = incoming.ip === undefined ? connectionOf(incoming) : { remoteAddress: incoming.ip }
  return wasConsumed(incoming)
    ? { request: withBody(request, incoming.body), connection }
    : { request, connection, isHeldToLength: true }
}

const wasConsumed = (incoming: ExpressRequest): boolean =>
  incoming.method !== 'GET' &&
  incoming.method !== 'HEAD' &&
  incoming.readableEnded &&
  incoming.body !== undefined

function withBody(request: Request, parsed: unknown): Request {
  const headers = new Headers(request.headers)
  headers.delete('content-length')
  // A parser decompressed it, and the length is another one now.
  headers.delete('content-encoding')
  const body = bodyOf(parsed, mediaType(request) === 'application/x-www-form-urlencoded')
  return new Request(request.url, { method: request.method, headers, body })
}

function bodyOf(parsed: unknown, isForm: boolean): string | Uint8Array<ArrayBuffer> {
  if (typeof parsed === 'string') return parsed
  if (parsed instanceof Uint8Array) return new Uint8Array(parsed)
  return isForm ? formOf(parsed) : JSON.stringify(parsed)
}

/** A field that came several times is a list. Nested ones, which only the extended parser makes, mean nothing to us. */
function formOf(parsed: unknown): string {
  const fields = new URLSearchParams()
  for (const [name, value] of Object.entries(parsed ?? {})) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (typeof each === 'string') fields.append(name, each)
    }
  }
  return fields.toString()
}
