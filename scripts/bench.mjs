// `npm run bench -- NAME [--json]`: runs bench/NAME.bench.ts against the built packages. With --json, stdout is JSON only.
import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const folder = fileURLToPath(new URL('../bench/', import.meta.url))
const suffix = '.bench.ts'
const names = readdirSync(folder).filter((file) => file.endsWith(suffix))
const [name, ...args] = process.argv.slice(2)
const source = join(folder, `${name}${suffix}`)

if (name === undefined || basename(name) !== name || !existsSync(source)) {
  const known = names.map((file) => file.slice(0, -suffix.length)).join(', ') || 'none yet'
  process.stderr.write(`certwright: cannot run benchmark: name one of: ${known}\n`)
  process.exitCode = 2
} else {
  // Below bench/, so that the bare imports left in the bundle resolve from there, to dist like for any user.
  const outfile = join(folder, 'node_modules/.cache', `${name}.mjs`)
  await build({
    entryPoints: [source],
    outfile,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'warning',
  })
  process.argv = [process.execPath, outfile, ...args]
  await import(pathToFileURL(outfile).href)
}
