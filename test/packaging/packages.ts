import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export const root = fileURLToPath(new URL('../../', import.meta.url))

const run = promisify(execFile)

/** A package of the workspace that is published. */
export interface PublicPackage {
  readonly name: string
  readonly version: string
  readonly folder: string
}

export function publicPackages(): readonly PublicPackage[] {
  return readdirSync(join(root, 'packages'))
    .map((name) => join(root, 'packages', name))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .map((folder) => ({ folder, ...readManifest(folder) }))
    .filter(({ private: isPrivate }) => !isPrivate)
}

interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
}

const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest

export const tarballOf = (folder: string, { name, version }: PublicPackage): string =>
  join(folder, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`)

/** Pack all of them as `pnpm publish` would: `npm test` has built them. */
export async function pack(destination: string): Promise<void> {
  const pnpm = join(root, 'node_modules/pnpm/bin/pnpm.cjs')
  const args = ['--recursive', '--filter', './packages/*', 'pack', '--pack-destination', destination]
  await run(process.execPath, [pnpm, ...args], { cwd: root })
}

/** One program; resolves in any case, with its exit code and everything that it said. */
export async function capture(
  program: string,
  args: readonly string[],
  cwd: string,
): Promise<{ readonly code: number; readonly output: string }> {
  try {
    const { stdout, stderr } = await run(program, args, { cwd, maxBuffer: 16 * 1024 * 1024 })
    return { code: 0, output: stdout + stderr }
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: unknown; stdout?: string; stderr?: string }
    return { code: typeof code === 'number' ? code : 1, output: `${stdout}${stderr}` || String(error) }
  }
}
