import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startPostgres } from '../test/storage/postgres-server.js'
import { makeCsrs } from './csrs.js'
import { headersFor, issuing, type Load, load } from './http/load.js'
import { ratioOf, rowOfLoads, type Sampled } from './http/rows.js'
import { serveBare, serveOnPostgres, serveOnSqlite } from './http/server.js'
import { type ServerProcess, startServer } from './http/server-process.js'
import { print, reportOf, type Row } from './measure.js'

/*
 * POST /v1/certificates in CSR mode over Postgres and over SQLite, 16 connections that each wait for their answer: a process
 * for each that serves, in turn; autocannon in this one, Postgres beside them. The limit is a bare `node:http` server that
 * reads the same body and answers with as many bytes.
 *
 * CPU is that of the serving process.
 */

const amount = 1000
const rounds = 7
const warmUps = 4

const contenders = ['bare', 'postgres', 'sqlite'] as const
type Contender = (typeof contenders)[number]

const [mode, ...given] = process.argv.slice(2)
if (mode === '--postgres') {
  await serveOnPostgres(given[0] ?? '', given[1] ?? '')
} else if (mode === '--sqlite') {
  await serveOnSqlite(given[0] ?? '')
} else if (mode === '--bare') {
  await serveBare(Number(given[0]))
} else {
  await run()
}

async function run(): Promise<void> {
  const database = await startPostgres()
  const schema = `bench_${process.pid}`
  const folder = mkdtempSync(join(tmpdir(), 'certwright-bench-'))
  const postgres = await startServer('--postgres', database.url, schema)
  const sqlite = await startServer('--sqlite', join(folder, 'served.db'))
  const csrs = await makeCsrs(4 * amount)
  const bodies = ({ caId }: ServerProcess) =>
    csrs.map((csrPem) => JSON.stringify({ caId, mode: 'csr', csrPem }))
  const bare = await startServer('--bare', String(await answerLength(sqlite, bodies(sqlite)[0] ?? '')))
  try {
    const samples: Sampled<Contender> = { bare: [], postgres: [], sqlite: [] }
    const next = {
      bare: issuing(bare, bodies(sqlite)),
      postgres: issuing(postgres, bodies(postgres)),
      sqlite: issuing(sqlite, bodies(sqlite)),
    }
    for (let i = 1 - warmUps; i <= rounds; i++) {
      process.stderr.write(`http: ${i > 0 ? `round ${i} of ${rounds}` : 'warming up'}\n`)
      const measured = {
        bare: await load(bare, next.bare, amount),
        postgres: await load(postgres, next.postgres, amount),
        sqlite: await load(sqlite, next.sqlite, amount),
      }
      if (i > 0) for (const name of contenders) samples[name].push(measured[name])
    }
    const rowOf = (name: string, loads: readonly Load[]): Row => ({
      ...rowOfLoads(name, loads),
      ratioToLimit: ratioOf(loads, samples.bare),
    })
    print(
      reportOf('http', [
        rowOfLoads('bare node:http', samples.bare),
        rowOf('POST /v1/certificates, Postgres', samples.postgres),
        rowOf('POST /v1/certificates, SQLite', samples.sqlite),
      ]),
    )
  } finally {
    for (const server of [bare, sqlite, postgres]) await server.stop()
    rmSync(folder, { recursive: true, force: true })
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
