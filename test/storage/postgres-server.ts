import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/* A real Postgres for the tests: one of its own, or that of DATABASE_URL. Nothing of it outlives the tests. */

export interface PostgresServer {
  /** Of a database that tests may fill. */
  readonly url: string
  /** Ends the server as an administrator would under load, and starts it again. */
  restart(): Promise<void>
  stop(): Promise<void>
}

const installed = '/usr/lib/postgresql'

/** The newest that Debian has installed. */
function binaries(): string | undefined {
  if (!existsSync(installed)) return undefined
  const versions = readdirSync(installed).sort((a, b) => Number(b) - Number(a))
  return versions
    .map((version) => join(installed, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')))
}

/** Why there is no server; `undefined`: there can be one. */
export function missingPostgres(): string | undefined {
  if (process.env['DATABASE_URL'] !== undefined || binaries() !== undefined) return undefined
  return 'no Postgres: install postgresql, or set DATABASE_URL'
}

/** Postgres refuses to run as root; Debian has a user for it. */
function unprivileged(): { uid: number; gid: number } | Record<never, never> {
  if (process.getuid?.() !== 0) return {}
  const entry = /^postgres:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'))
  if (entry === null) throw new Error('there is no user "postgres" to run the server as')
  return { uid: Number(entry[1]), gid: Number(entry[2]) }
}

export async function startPostgres(): Promise<PostgresServer> {
  const given = process.env['DATABASE_URL']
  if (given !== undefined) {
    return { url: given, restart: notOurs, stop: async () => undefined }
  }
  const bin = binaries()
  if (bin === undefined) throw new Error(missingPostgres())
  const user = unprivileged()
  const folder = mkdtempSync(join(tmpdir(), 'certwright-postgres-'))
  chmodSync(folder, 0o755)
  if ('uid' in user) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const environment = {
    ...user,
    cwd: folder,
    stdio: 'ignore',
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
  } as const
  execFileSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'tests', '-A', 'trust', '-E', 'UTF8', '--no-sync'],
    environment,
  )
  const port = await freePort()
  const pgCtl = (...args: string[]): void => {
    execFileSync(join(bin, 'pg_ctl'), ['-D', data, '-w', '-t', '60', ...args], environment)
  }
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=60`
  const start = (): void => pgCtl('-o', options, '-l', join(folder, 'log'), 'start')
  start()
  // Whoever kills the tests leaves the server without its parent: this ends it then.
  const watch = `while kill -0 ${process.pid} 2>/dev/null; do sleep 1; done; kill -QUIT $(head -1 '${data}/postmaster.pid') 2>/dev/null; rm -rf '${folder}'`
  const watcher = spawn('sh', ['-c', watch], { detached: true, stdio: 'ignore' })
  watcher.unref()
  return {
    url: `postgres://tests@127.0.0.1:${port}/postgres`,
    async restart() {
      pgCtl('-m', 'immediate', 'stop')
      start()
    },
    async stop() {
      if (watcher.pid !== undefined) process.kill(-watcher.pid)
      pgCtl('-m', 'immediate', 'stop')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const notOurs = (): Promise<void> =>
  Promise.reject(new Error('the server of DATABASE_URL is not ours to restart'))

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('there is no port')
  return address.port
}
