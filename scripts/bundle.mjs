// Programs of test/ in TypeScript, run against the sources of the packages: nothing has to be built before.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * Bundle programs with all they import into a folder of this run alone, run the first of them, and remove the folder.
 *
 * @param {readonly [string, ...string[]]} programs paths below the root; each becomes NAME.mjs, beside the others
 * @param {readonly string[]} args
 */
export async function runBundled(programs, args) {
  const folder = mkdtempSync(join(tmpdir(), 'certwright-'))
  try {
    await bundle(
      programs.map((program) => join(root, program)),
      folder,
    )
    const main = join(folder, basename(programs[0]).replace(/\.ts$/, '.mjs'))
    process.argv = [process.execPath, main, ...args]
    await import(pathToFileURL(main).href)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * The bundling alone.
 *
 * @param {readonly string[]} programs absolute paths; each becomes NAME.mjs
 * @param {string} folder
 * @param {Pick<import('esbuild').BuildOptions, 'plugins'>} options
 */
export async function bundle(programs, folder, { plugins = [] } = {}) {
  await build({
    entryPoints: [...programs],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    // As vitest.config.ts: sources of the packages, and the node side of "#platform-crypto".
    conditions: ['@certwright/source', 'node'],
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // CommonJS packages among the imports ask for Node's own modules by `require`.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url)",
    },
    sourcemap: 'inline',
    logLevel: 'warning',
    plugins,
  })
}
