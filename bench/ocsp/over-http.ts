import { load, type LoadRequest } from '../http/load.js'
import { ratioOf, rowOfLoads, type Sampled } from '../http/rows.js'
import { type ServerProcess, startServer } from '../http/server-process.js'
import type { Row } from '../measure.js'

const amount = 4000
const rounds = 7
const warmUps = 4

/** Answers that were signed before, by GET over 16 connections, beside servers that do nothing but send as many bytes. */
export async function rowsOverHttp(): Promise<readonly Row[]> {
  const ocsp = await startServer('--ocsp')
  const paths = ocsp.paths ?? []
  const length = String(await answerLength(ocsp))
  const node = await startServer('--bare', length)
  const handler = await startServer('--bare-handler', length)
  const servers = { node, handler, ocsp }
  try {
    const samples: Sampled<'node' | 'handler' | 'ocsp'> = { node: [], handler: [], ocsp: [] }
    for (let i = 1 - warmUps; i <= rounds; i++) {
      process.stderr.write(`ocsp over HTTP: ${i > 0 ? `round ${i} of ${rounds}` : 'warming up'}\n`)
      for (const name of ['node', 'handler', 'ocsp'] as const) {
        const measured = await load(servers[name], asking(servers[name], paths), amount)
        if (i > 0) samples[name].push(measured)
      }
    }
    return [
      rowOfLoads('bare node:http', samples.node),
      rowOfLoads('bare handler', samples.handler),
      {
        ...rowOfLoads('GET /ocsp, signed before', samples.ocsp),
        ratioToLimit: ratioOf(samples.ocsp, samples.handler),
        timesPeer: { 'bare node:http': ratioOf(samples.ocsp, samples.node) },
      },
    ]
  } finally {
    for (const server of Object.values(servers)) await server.stop()
  }
}

function asking({ url }: ServerProcess, paths: readonly string[]): () => LoadRequest {
  const headers = { host: new URL(url).host }
  let asked = 0
  return () => ({ method: 'GET', path: paths[asked++ % paths.length] ?? '/', headers, body: '' })
}

async function answerLength({ url, paths = [] }: ServerProcess): Promise<number> {
  const response = await fetch(url + (paths[0] ?? '/'))
  if (!response.ok) throw new Error(`ocsp: answered ${response.status}`)
  return (await response.arrayBuffer()).byteLength
}
