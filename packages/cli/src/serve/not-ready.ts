import type { IncomingMessage, ServerResponse } from 'node:http'

/** The answer to everything while the demonstration CAs are being made, in the API's error format. */
export function notReady(_incoming: IncomingMessage, outgoing: ServerResponse): void {
  const body = JSON.stringify({ error: 'Cannot answer yet: the authority is starting' })
  outgoing.writeHead(503, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'retry-after': '1',
    connection: 'close',
  })
  outgoing.end(body)
}
