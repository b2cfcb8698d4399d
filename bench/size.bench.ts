import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build, type Plugin } from 'esbuild'
import { median, print, type Row, reportOf, round } from './measure.js'

/*
 * What a package costs whoever imports it: kilobytes, minified and gzipped, of its ESM with and without what it depends
 * on; and the time that a fresh process takes to import it, above what Node takes to start.
 */

const imports = 10
const packages = [
  '@certwright/core',
  '@certwright/memory',
  '@certwright/http',
  '@certwright/containers',
] as const

/** This file runs as a bundle in bench/node_modules/.cache; imports resolve from bench/. */
const resolveDir = fileURLToPath(new URL('../..', import.meta.url))

const kilobytes = (bytes: Uint8Array): number => round(bytes.length / 1000)

async function rowOf(name: string): Promise<Row> {
  process.stderr.write(`size: ${name}\n`)
  const samples = Array.from({ length: imports }, () => importTime(name))
  const ms = round(median(samples.map((sample) => sample.ms)))
  const alone = await bundle(name, 'external')
  const whole = await bundle(name, 'bundle')
  return {
    name: `import ${name}`,
    opsPerSecond: round(1000 / ms),
    cpuMicrosPerOp: Math.round(median(samples.map(({ cpuMicros }) => cpuMicros))),
    rounds: imports,
    ms,
    figures: {
      minifiedKb: kilobytes(alone),
      gzipKb: kilobytes(gzipSync(alone, { level: 9 })),
      withDependenciesMinifiedKb: kilobytes(whole),
      withDependenciesGzipKb: kilobytes(gzipSync(whole, { level: 9 })),
    },
  }
}

/** @param packages whether what the package depends on, our own core included, is left out */
async function bundle(name: string, packages: 'bundle' | 'external'): Promise<Uint8Array> {
  const { outputFiles } = await build({
    stdin: { contents: `export * from '${name}'`, resolveDir },
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    // The package itself is no external one, and the platform's provider of core is part of it.
    plugins: packages === 'bundle' ? [] : [withoutDependencies(name)],
    logLevel: 'error',
  })
  return outputFiles[0]?.contents ?? new Uint8Array()
}

const withoutDependencies = (name: string): Plugin => ({
  name: 'without-dependencies',
  setup(build) {
    build.onResolve({ filter: /^[^.#/]/ }, ({ path }) =>
      path === name ? undefined : { path, external: true },
    )
  },
})

/** One import in a process of its own. */
function importTime(name: string): { readonly ms: number; readonly cpuMicros: number } {
  const script = `
    const cpu = process.cpuUsage(), before = performance.now()
    await import('${name}')
    const ms = performance.now() - before, { user, system } = process.cpuUsage(cpu)
    process.stdout.write(JSON.stringify({ ms, cpuMicros: user + system }))`
  const args = ['--input-type=module', '--eval', script]
  return JSON.parse(execFileSync(process.execPath, args, { cwd: resolveDir, encoding: 'utf8' })) as {
    ms: number
    cpuMicros: number
  }
}

const rows: Row[] = []
for (const name of packages) rows.push(await rowOf(name))
print(reportOf('size', rows))
