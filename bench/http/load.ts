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

export interface LoadRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** @param next what is sent next */
export async function load(server: ServerProcess, next: () => LoadRequest, amount: number): Promise<Load> {
  const cpuBefore = await server.cpuMicros()
  const before = performance.now()
  const run = autocannon({
    url: server.url,
    connections,
    amount,
    requests: [{ ...next(), setupRequest: next }],
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

/** POST /v1/certificates, with a CSR and an Idempotency-Key each. @param bodies are taken in turn */
export function issuing(server: ServerProcess, bodies: readonly string[]): () => LoadRequest {
  let taken = 0
  return () => ({
    method: 'POST',
    path: '/v1/certificates',
    headers: headersFor(server),
    body: bodies[taken++ % bodies.length] ?? '',
  })
}

export const headersFor = ({ url, apiKey = 'none' }: ServerProcess): Readonly<Record<string, string>> => ({
  host: new URL(url).host,
  authorization: `Bearer ${apiKey}`,
  'content-type': 'application/json',
  'idempotency-key': randomUUID(),
})
