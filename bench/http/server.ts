import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAuthority, operator, type Storage } from '@certwright/core'
import { createHandler } from '@certwright/http'
import { nodeListener } from '@certwright/http/node'
import { memoryCustody } from '@certwright/memory'
import { fromPool, migrate, postgresStorage } from '@certwright/postgres'
import { sqliteStorage } from '@certwright/sqlite'
import pg from 'pg'

/** What the server tells when it listens. */
export interface Ready {
  readonly url: string
  /** For the API; the bare server has none. */
  readonly caId?: string
  readonly apiKey?: string
  /** What there is to GET, where that is not the API. */
  readonly paths?: readonly string[]
}

/** CPU of the server's process until now. */
export interface Spent {
  readonly cpuMicros: number
}

export async function serveOnPostgres(databaseUrl: string, schema: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 16 })
  await migrate(fromPool(pool), { schema })
  await serveApi(postgresStorage(fromPool(pool), { schema }))
}

export const serveOnSqlite = (path: string): Promise<void> => serveApi(sqliteStorage(path))

/** The REST API as `certwright serve` has it, without rate limits. */
async function serveApi(storage: Storage): Promise<void> {
  const authority = createAuthority({
    storage,
    custody: memoryCustody(),
    distribution: { baseUrl: 'http://pki.example' },
  })
  const me = { principal: operator('bench') }
  const { id: workspaceId } = await authority.createWorkspace({ name: 'Bench' }, me)
  const { id: userId } = await authority.createUser({ email: 'bench@example.org' }, me)
  const root = await authority.createRoot({ name: 'Bench Root', workspaceId }, me)
  const { id: caId } = await authority.createIntermediate(
    { name: 'Bench Issuing', parentCaId: root.id, pathLength: 0 },
    me,
  )
  const { secret } = await authority.createApiKey(
    { workspaceId, userId, name: 'Bench', caIds: [root.id, caId] },
    me,
  )
  await listen(nodeListener(createHandler(authority, { rateLimits: false })), { caId, apiKey: secret })
}

/** The limit: reads the body, and answers with as many bytes as the API does. */
export async function serveBare(answerBytes: number): Promise<void> {
  const answer = 'x'.repeat(answerBytes)
  await listen((incoming, outgoing) => {
    incoming.on('data', () => undefined)
    incoming.on('end', () => {
      outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': answerBytes })
      outgoing.end(answer)
    })
  })
}

export async function listen(listener: RequestListener, told: Omit<Ready, 'url'> = {}): Promise<void> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // The cast: a server that listens on a port has an AddressInfo.
  const { port } = server.address() as AddressInfo
  // Whoever ends the bench leaves nothing behind.
  process.on('disconnect', () => process.exit())
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    process.send?.({ cpuMicros: user + system } satisfies Spent)
  })
  process.send?.({ url: `http://127.0.0.1:${port}`, ...told } satisfies Ready)
}
