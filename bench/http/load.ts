import { randomUUID } from 'node:crypto'
import autocannon from 'autocannon'
import type { ServerProcess } from './server-process.js'

/** One round against one server. */
export interface Load {
  readonly requestsPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Of the server, for one request. */
  readonly cpuMicros: number
}

const connections = 16

/** POST /v1/certificates, with a CSR and an Idempotency-Key each. @param bodies are taken in turn */
export async function load(server: ServerProcess, bodies: readonly string[], amount: number): Promise<Load> {
  let taken = 0
  const request = {
    method: 'POST',
    path: '/v1/certificates',
    headers: headersFor(server),
    body: bodies[0] ?? '',
  }
  const cpuBefore = await server.cpuMicros()
  const before = performance.now()
  const run = autocannon({
    url: server.url,
    connections,
    amount,
    requests: [
      {
        ...request,
        setupRequest: () => ({
          ...request,
          headers: headersFor(server),
          body: bodies[taken++ % bodies.length] ?? '',
        }),
      },
    ],
  })
  const latencies: number[] = []
  let ended = before
  // autocannon itself ends at a whole second.
  run.on('response', (_client, _status, _bytes, milliseconds) => {
    latencies.push(milliseconds)
    ended = performance.now()
  })
  const result = await run
  if (result['2xx'] !== amount) throw new Error(`http: ${result['2xx']} of ${amount} requests were answered`)
  latencies.sort((a, b) => a - b)
  return {
    requestsPerSecond: (amount * 1000) / (ended - before),
    p50Ms: latencies[Math.floor(amount * 0.5)] ?? 0,
    p99Ms: latencies[Math.floor(amount * 0.99)] ?? 0,
    cpuMicros: ((await server.cpuMicros()) - cpuBefore) / amount,
  }
}

export const headersFor = ({ url, apiKey = 'none' }: ServerProcess): Readonly<Record<string, string>> => ({
  host: new URL(url).host,
  authorization: `Bearer ${apiKey}`,
  'content-type': 'application/json',
  'idempotency-key': randomUUID(),
})
