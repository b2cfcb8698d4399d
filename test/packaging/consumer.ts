import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { capture, root } from './packages.js'

/** What npm says when there is no network, or no registry at its end. */
const unreachable = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED|E50\d)\b/

/**
 * A project of somebody else: nothing but the tarballs, and what they need from the registry or npm's cache.
 *
 * @returns why it cannot be, where the registry cannot be reached
 */
export async function installConsumer(
  folder: string,
  tarballs: readonly string[],
): Promise<string | undefined> {
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true }))
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--ignore-scripts', '--prefer-offline']
  // npm's own patience is minutes.
  const patience = ['--fetch-retries=1', '--fetch-retry-mintimeout=500', '--fetch-timeout=20000']
  // The prefix is said because npm tells its children, us among them, that it is the workspace.
  const { code, output } = await capture(
    'npm',
    ['install', '--prefix', folder, ...quiet, ...patience, ...tarballs],
    folder,
  )
  if (code === 0) return undefined
  const reason = unreachable.exec(output)?.[1]
  if (reason === undefined) throw new Error(`npm install failed:\n${output}`)
  return `the npm registry cannot be reached: ${reason}`
}

/**
 * Compile files in the consumer's folder as strictly as TypeScript can, declarations of the packages included.
 *
 * @param types packages with global types, from the workspace; without any, the packages have to do with ES2022 alone
 */
export function typeCheck(folder: string, files: Readonly<Record<string, string>>, types: readonly string[]) {
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2022',
    lib: ['es2022'],
    types,
    typeRoots: [join(root, 'node_modules/@types')],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const project = join(folder, `tsconfig.${Object.keys(files)[0]}.json`)
  writeFileSync(project, JSON.stringify({ compilerOptions, files: Object.keys(files) }))
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  return capture(process.execPath, [tsc, '--project', project, '--pretty', 'false'], folder)
}
