import { createServer, type RequestListener, type Server } from 'node:http'
import { notReady } from './not-ready.js'

/**
 * Timeouts and sizes for a server that strangers may reach: a client that sends a byte now and then holds a socket for
 * seconds and not for the five minutes of Node's defaults. Bodies are bounded by the handler.
 */
const options = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 2000,
  maxHeaderSize: 16_384,
} as const

/** A server that says that it is not ready, until it is given what answers. */
export function startingServer(): {
  readonly server: Server
  readonly answerWith: (listener: RequestListener) => void
} {
  let listener: RequestListener = notReady
  const server = createServer(options, (incoming, outgoing) => listener(incoming, outgoing))
  server.maxHeadersCount = 100
  return {
    server,
    answerWith(ready) {
      listener = ready
    },
  }
}
