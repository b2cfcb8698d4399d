import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort, unprivileged } from './postgres-server.js'

const program = '/usr/sbin/pgbouncer'

/** Why there is none; `undefined`: there can be one. */
export const missingPgBouncer = (): string | undefined =>
  existsSync(program) ? undefined : 'no PgBouncer: install pgbouncer'

/** Of the server, as few as make clients share them. */
const serverConnections = 4

export interface PgBouncer {
  readonly url: string
  stop(): Promise<void>
}

/** PgBouncer in transaction mode in front of a server: a connection is somebody else's after each COMMIT. */
export async function startPgBouncer(serverUrl: string): Promise<PgBouncer> {
  const { hostname, port, username, password } = new URL(serverUrl)
  const folder = mkdtempSync(join(tmpdir(), 'certwright-pgbouncer-'))
  chmodSync(folder, 0o755)
  const ownPort = await freePort()
  const secret = password === '' ? '' : ` password=${decodeURIComponent(password)}`
  const lines = [
    '[databases]',
    `* = host=${hostname} port=${port || 5432} user=${username}${secret}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${ownPort}`,
    'unix_socket_dir =',
    'auth_type = any',
    'pool_mode = transaction',
    `default_pool_size = ${serverConnections}`,
  ]
  const file = join(folder, 'pgbouncer.ini')
  writeFileSync(file, `${lines.join('\n')}\n`)
  const child = spawn(program, [file], { ...unprivileged(), cwd: folder, stdio: 'ignore' })
  const ended = once(child, 'close')
  await listening(ownPort)
  const url = new URL(serverUrl)
  url.host = `127.0.0.1:${ownPort}`
  url.password = ''
  return {
    url: url.href,
    async stop() {
      child.kill('SIGKILL')
      await ended
      rmSync(folder, { recursive: true })
    },
  }
}

/** Milliseconds between two looks, and how many there are: five seconds in all. */
const [lookInterval, looks] = [50, 100]

async function listening(port: number): Promise<void> {
  for (let look = 0; look < looks; look++) {
    const socket = connect(port, '127.0.0.1')
    const isThere = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (isThere) return
    await wait(lookInterval)
  }
  throw new Error('PgBouncer does not listen')
}
