import { type Answer, toResponse } from './answer.js'
import type { Connection, Handler } from './options.js'

/** A request, and what only the server knows that it came through. */
export interface Arrival {
  readonly request: Request
  readonly connection: Connection
  /** The server ends the body where Content-Length says (RFC 9112 §6.3). Absent: nobody knows. */
  readonly isHeldToLength?: boolean
}

/** What the handler does, up to the answer that becomes a `Response`; an extension may have made one itself. */
export type Answerer = (arrival: Arrival) => Promise<Answer | Response>

const answerers = new WeakMap<Handler, Answerer>()

/** A handler that listeners of this package recognise. */
export function ownHandler(answerer: Answerer): Handler {
  const handler: Handler = async (request, connection = {}) => {
    const answer = await answerer({ request, connection })
    return answer instanceof Response ? answer : toResponse(answer, request.method !== 'HEAD')
  }
  answerers.set(handler, answerer)
  return handler
}

/**
 * A listener that has an answer writes it itself: to make a `Response` and to read it again costs more than all else that
 * is done for an OCSP answer which was signed before. `undefined`: the handler is not ours, or the host has wrapped it.
 */
export const answererOf = (handler: Handler): Answerer | undefined => answerers.get(handler)
