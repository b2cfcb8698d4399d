import pg from 'pg'
import { startPostgres } from '../test/storage/postgres-server.js'
import { makeCsrs } from './csrs.js'
import { headersFor, issuing, load } from './http/load.js'
import { ratioOf, rowOfLoads, type Sampled } from './http/rows.js'
import { serveApi, serveBare } from './http/server.js'
import { type ServerProcess, startServer } from './http/server-process.js'
import { print, reportOf } from './measure.js'

/*
 * POST /v1/certificates in CSR mode over Postgres, 16 connections that each wait for their answer: one process that serves,
 * autocannon in this one, Postgres beside them. The limit is a bare `node:http` server that reads the same body and
 * answers with as many bytes.
 *
 * CPU is that of the serving process.
 */

const amount = 1000
const rounds = 7
const warmUps = 4

const [mode, ...given] = process.argv.slice(2)
if (mode === '--api') {
  await serveApi(given[0] ?? '', given[1] ?? '')
} else if (mode === '--bare') {
  await serveBare(Number(given[0]))
} else {
  await run()
}

async function run(): Promise<void> {
  const database = await startPostgres()
  const schema = `bench_${process.pid}`
  const api = await startServer('--api', database.url, schema)
  const bodies = (await makeCsrs(4 * amount)).map((csrPem) =>
    JSON.stringify({ caId: api.caId, mode: 'csr', csrPem }),
  )
  const bare = await startServer('--bare', String(await answerLength(api, bodies[0] ?? '')))
  try {
    const samples: Sampled<'bare' | 'api'> = { bare: [], api: [] }
    const next = { bare: issuing(bare, bodies), api: issuing(api, bodies) }
    for (let i = 1 - warmUps; i <= rounds; i++) {
      process.stderr.write(`http: ${i > 0 ? `round ${i} of ${rounds}` : 'warming up'}\n`)
      const measured = { bare: await load(bare, next.bare, amount), api: await load(api, next.api, amount) }
      if (i > 0) samples.bare.push(measured.bare)
      if (i > 0) samples.api.push(measured.api)
    }
    print(
      reportOf('http', [
        rowOfLoads('bare node:http', samples.bare),
        {
          ...rowOfLoads('POST /v1/certificates, Postgres', samples.api),
          ratioToLimit: ratioOf(samples.api, samples.bare),
        },
      ]),
    )
  } finally {
    await bare.stop()
    await api.stop()
    await dropSchema(database.url, schema)
    await database.stop()
  }
}

async function dropSchema(databaseUrl: string, schema: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query(`DROP SCHEMA ${schema} CASCADE`)
  await client.end()
}

async function answerLength(api: ServerProcess, body: string): Promise<number> {
  const url = `${api.url}/v1/certificates`
  const response = await fetch(url, { method: 'POST', headers: headersFor(api), body })
  const answer = await response.text()
  if (!response.ok) throw new Error(`http: answered ${response.status}: ${answer}`)
  return Buffer.byteLength(answer)
}
