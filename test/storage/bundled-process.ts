import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { bundle } from '../../scripts/bundle.mjs'

/** Drivers stay what they are: one is native. */
const drivers: Readonly<Record<string, URL>> = {
  libsql: new URL('../../packages/sqlite/package.json', import.meta.url),
  pg: new URL('../package.json', import.meta.url),
}

/**
 * A program of this folder as one file, made from the sources of the packages, as the tests are: nothing has to be built
 * before, and both sides of a store are of one version.
 *
 * @param name `sqlite-process.mjs`, or of a source in TypeScript
 * @returns its URL, the same for every call; the file is there until this process ends
 */
export const bundledProcess = (name: string): Promise<URL> => (made[name] ??= make(name))

const made: Record<string, Promise<URL>> = {}

async function make(name: string): Promise<URL> {
  const folder = mkdtempSync(join(tmpdir(), 'certwright-process-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  await bundle([fileURLToPath(new URL(name, import.meta.url))], folder, {
    plugins: [
      {
        name: 'drivers',
        setup(build) {
          build.onResolve({ filter: /^(libsql|pg)$/ }, ({ path }) => ({
            path: pathToFileURL(createRequire(drivers[path] as URL).resolve(path)).href,
            external: true,
          }))
        },
      },
    ],
  })
  return pathToFileURL(join(folder, name.replace(/\.ts$/, '.mjs')))
}
