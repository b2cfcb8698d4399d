import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach } from 'vitest'

/* The built command, as users run it: `npm test` builds before it tests. Nothing outlives its test. */

const main = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url))

const running = new Set<ChildProcess>()
const folders = new Set<string>()

afterEach(async () => {
  for (const child of running) {
    if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL'))
      await once(child, 'close')
  }
  running.clear()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  folders.clear()
})

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'certwright-cli-'))
  folders.add(folder)
  return folder
}

interface Surroundings {
  /** A folder of its own where absent, so that no data is left behind. */
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
}

export function start(args: readonly string[], { cwd = newFolder(), env = {} }: Surroundings = {}) {
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  const output = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text))
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, ...output }))
  return { child, output, ended }
}

/** A running server, once it has said that it is ready. */
export async function serve(args: readonly string[], surroundings?: Surroundings) {
  const command = start(['serve', '--port', '0', ...args], surroundings)
  while (!command.output.stdout.endsWith('\n')) {
    await Promise.race([once(command.child.stdout, 'data'), command.ended])
    const { exitCode, signalCode } = command.child
    if (exitCode !== null || signalCode !== null)
      throw new Error(`${signalCode ?? ''}${command.output.stderr}`)
  }
  return command
}

export async function serveJson(args: readonly string[], surroundings?: Surroundings) {
  const command = await serve(['--json', ...args], surroundings)
  const ready = JSON.parse(command.output.stdout) as Record<string, string>
  return { ...command, ready }
}
