import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/*
 * The `openssl` of the machine as a judge. It is a prerequisite of the tests: where it is missing they fail, for a judge
 * who did not come has acquitted nobody.
 */

/** Contents by file name: what a command finds in its directory. */
export type Files = Readonly<Record<string, string | Uint8Array>>

export interface Outcome {
  readonly accepted: boolean
  /** Standard output, and behind it what was said on standard error. */
  readonly text: string
}

/** Run a command in a directory of its own that holds `files`. A refusal (exit status above 0) is an outcome. */
export async function askOpenssl(args: readonly string[], files: Files = {}): Promise<Outcome> {
  return inDirectory(files, (directory) => run(args, directory))
}

/** As `askOpenssl`, where only success will do. */
export async function openssl(args: readonly string[], files: Files = {}): Promise<string> {
  return inDirectory(files, (directory) => runOrThrow(args, directory))
}

/** Let commands, one after the other in one directory, make files, and read those that are named. */
export async function opensslMakes<Name extends string>(
  names: readonly Name[],
  commands: readonly (readonly string[])[],
  files: Files = {},
): Promise<Record<Name, Uint8Array>> {
  return inDirectory(files, async (directory) => {
    for (const args of commands) await runOrThrow(args, directory)
    const contents = names.map(async (name) => [name, plain(await readFile(join(directory, name)))] as const)
    // The cast: the entries are those of `names`.
    return Object.fromEntries(await Promise.all(contents)) as Record<Name, Uint8Array>
  })
}

/** A moment as `-attime` takes it. */
export const attime = (time: Date): readonly string[] => [
  '-attime',
  String(Math.floor(time.getTime() / 1000)),
]

async function inDirectory<T>(files: Files, work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'certwright-judge-'))
  try {
    await Promise.all(
      Object.entries(files).map(([name, content]) => writeFile(join(directory, name), content)),
    )
    return await work(directory)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function runOrThrow(args: readonly string[], directory: string): Promise<string> {
  const { accepted, text } = await run(args, directory)
  if (!accepted) throw new Error(`openssl ${args.join(' ')} failed:\n${text}`)
  return text
}

/** Without the machine's configuration, which may change what is made and what is accepted. */
const environment = { ...process.env, OPENSSL_CONF: '/dev/null', LC_ALL: 'C' }

function run(args: readonly string[], cwd: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const options = { cwd, env: environment, timeout: 15_000, maxBuffer: 16 * 1024 * 1024 }
    execFile('openssl', args, options, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== 'number') {
        reject(new Error(`openssl ${args[0]} did not run: ${error.message}`, { cause: error }))
      } else {
        resolve({ accepted: error === null, text: `${stdout}${stderr}` })
      }
    })
  })
}

/** A Buffer is a Uint8Array, but not one that `toEqual` takes for it. */
const plain = (bytes: Uint8Array): Uint8Array => Uint8Array.from(bytes)
