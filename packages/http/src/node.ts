import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { type Answer, toMessage, toResponse } from './answer.js'
import { errorAnswer } from './errors/error-answer.js'
import { HttpError } from './errors/http-error.js'
import type { Connection, Handler } from './options.js'
import { answererOf, type Arrival } from './own-handler.js'

export type NodeListener = (incoming: IncomingMessage, outgoing: ServerResponse) => void

/** The handler for `createServer` of `node:http` and `node:https`. */
export function nodeListener(handler: Handler): NodeListener {
  return listenerOf(handler, (request, incoming) => ({
    request,
    connection: connectionOf(incoming),
    isHeldToLength: true,
  }))
}

/** @param arrive how a framework's request becomes ours; for the adapters of this package */
export function listenerOf(
  handler: Handler,
  arrive: (request: Request, incoming: IncomingMessage) => Arrival,
): NodeListener {
  const answerer = answererOf(handler)
  const listener = getRequestListener(
    (received, { incoming, outgoing }) => {
      // The casts: without HTTP/2 servers, which `NodeListener` does not take, these are the two of HTTP/1.
      const arrival = arrive(received, incoming as IncomingMessage)
      if (answerer === undefined) return handler(arrival.request, arrival.connection)
      return answerTo(arrival.request, answerer(arrival), outgoing as ServerResponse)
    },
    {
      // The default replaces `Request` and `Response` in the host's process.
      overrideGlobalObjects: false,
      errorHandler: unreadableRequest,
    },
  )
  return (incoming, outgoing) => {
    // The listener answers every failure itself; its promise only tells when it is done.
    void listener(incoming, outgoing)
  }
}

/** Without a `Response` in between: see own-handler.ts. */
async function answerTo(
  request: Request,
  answering: Promise<Answer | Response>,
  outgoing: ServerResponse,
): Promise<Response> {
  const answer = await answering
  if (answer instanceof Response) return answer
  const { status, headers, bytes } = toMessage(answer, request.method !== 'HEAD')
  outgoing.writeHead(status, headers)
  outgoing.end(bytes ?? undefined)
  return RESPONSE_ALREADY_SENT
}

export function connectionOf(incoming: IncomingMessage): Connection {
  const { remoteAddress } = incoming.socket
  return remoteAddress === undefined ? {} : { remoteAddress }
}

/** A request that is no `Request`, for instance because its Host header is no host. */
function unreadableRequest(): Response {
  const error = new HttpError(
    'invalid_target',
    'Cannot read request: its target or its Host header is malformed',
  )
  const requestId = crypto.randomUUID()
  const answer = errorAnswer(error, requestId)
  return toResponse({ ...answer, headers: { 'x-request-id': requestId, ...answer.headers } }, true)
}
