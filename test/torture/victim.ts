import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/* The built command as a process that is killed with SIGKILL, again and again. Run from the root of the workspace. */

const main = join(process.cwd(), 'packages/cli/dist/main.js')

/** Where the victim keeps its data. */
export interface Place {
  /** Its working directory, where the key files are. */
  readonly folder: string
  /** `--data` or `--database`. */
  readonly flags: readonly string[]
}

export interface Victim {
  readonly url: string
  readonly issuingCaId: string
  /** Absent where it was shown at an earlier start alone. */
  readonly apiKey?: string
  /** What it has logged as errors of its own. */
  complaints(): string
  /** Resolves when the process is gone. */
  kill(): Promise<void>
}

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** A limit would turn most of the load away, and there would be less to lose. */
const unlimited = ['--request-limit', '1000000', '--issue-limit', '1000000'] as const

const serve = ['serve', '--json', '--verbose', '--port', '0', ...unlimited] as const

/** Milliseconds: a start takes half a second. */
const startLimit = 60_000

/** @throws {Error} it ended, or was not ready in time; with all that it said */
export async function startVictim(place: Place): Promise<Victim> {
  const { child, output, closed } = certwright(place, serve)
  const limit = setTimeout(() => child.kill('SIGKILL'), startLimit)
  try {
    while (!output.stdout.includes('\n')) {
      const ended = await Promise.race([
        once(child.stdout, 'data').then(() => false),
        closed.then(() => true),
      ])
      if (ended) throw new Error(`the victim ended by itself while it started: ${output.stderr}`)
    }
  } finally {
    clearTimeout(limit)
  }
  const ready = JSON.parse(output.stdout) as Pick<Victim, 'url' | 'issuingCaId' | 'apiKey'>
  return {
    ...ready,
    complaints: () =>
      output.stderr
        .split('\n')
        .filter((line) => line.includes('"level":"error"'))
        .join('\n'),
    async kill() {
      // One that is gone already has failed at something that nobody did to it.
      if (child.exitCode !== null) throw new Error(`the victim ended by itself: ${output.stderr}`)
      child.kill('SIGKILL')
      await closed
    },
  }
}

/** A start that is killed so many milliseconds after its beginning, most probably before it is ready. */
export async function killWhileStarting(place: Place, milliseconds: number): Promise<void> {
  const { child, closed } = certwright(place, serve)
  const kill = setTimeout(() => child.kill('SIGKILL'), milliseconds)
  await closed
  clearTimeout(kill)
}

/** Another command on the same data, to its end. */
export async function runCommand(place: Place, command: readonly string[]) {
  const { child, output, closed } = certwright(place, command)
  await closed
  return { ...output, exitCode: child.exitCode }
}

function certwright({ folder, flags }: Place, command: readonly string[]) {
  // A key in the environment would take the place of the file that the victim makes.
  const { CERTWRIGHT_KEY: _, ...env } = process.env
  const child = spawn(process.execPath, [main, ...command, ...flags], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  const output = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text))
  const closed = once(child, 'close').then(() => void running.delete(child))
  return { child, output, closed }
}
