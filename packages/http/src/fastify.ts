import type { IncomingMessage, ServerResponse } from 'node:http'
import { connectionOf, listenerOf } from './node.js'
import type { Handler } from './options.js'
import type { Arrival } from './own-handler.js'

/** The part of Fastify that the plugin uses, so that Fastify is no dependency of this package. */
interface FastifyScope {
  removeAllContentTypeParsers(): void
  addContentTypeParser(
    contentType: string,
    parser: (request: unknown, payload: unknown, done: (error: Error | null) => void) => void,
  ): unknown
  all(path: string, handler: (request: FastifyRequest, reply: FastifyReply) => void): unknown
}

interface FastifyRequest {
  readonly raw: IncomingMessage
  readonly ip: string
}

interface FastifyReply {
  readonly raw: ServerResponse
  hijack(): unknown
}

export type FastifyPlugin = (scope: FastifyScope, options: unknown, done: () => void) => void

/**
 * The handler as a Fastify plugin: `app.register(fastifyPlugin(handler), { prefix: '/pki' })`. Fastify keeps the prefix
 * in the path, so give it to `createHandler` as `basePath` as well.
 *
 * Fastify's own scopes keep the plugin to itself: the host's routes and parsers are untouched.
 */
export function fastifyPlugin(handler: Handler): FastifyPlugin {
  const addresses = new WeakMap<IncomingMessage, string>()
  const listener = listenerOf(handler, (request, incoming): Arrival => {
    // Fastify's address follows its "trustProxy" setting.
    const remoteAddress = addresses.get(incoming)
    const connection = remoteAddress === undefined ? connectionOf(incoming) : { remoteAddress }
    return { request, connection, isHeldToLength: true }
  })
  return (scope, _options, done) => {
    // The body belongs to the handler, which bounds it while it reads.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, _payload, parsed) => parsed(null))
    scope.all('/*', (request, reply) => {
      reply.hijack()
      addresses.set(request.raw, request.ip)
      listener(request.raw, reply.raw)
    })
    done()
  }
}
