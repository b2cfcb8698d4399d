import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** How each kind of host starts the smoke file, and how the outcome gets out. */
const starts = {
  script: `smoke().then((done) => console.log('smoke: ok ' + done.join(' ')))`,
  worker: `export default { async test() { console.log('smoke: ok ' + (await smoke()).join(' ')) } }`,
  page: `globalThis.outcome = smoke().then((done) => 'smoke: ok ' + done.join(' '))`,
}

/**
 * Bundle the smoke file with the packages as built, under the export conditions of the host: what a user's own bundler
 * would make of them.
 *
 * @param {string} folder where the files go
 * @param {keyof typeof starts} form
 * @param {'node' | 'web'} provider
 * @returns {Promise<string>} the file to give to the runtime
 */
export async function bundleSmoke(folder, form, provider) {
  const outfile = join(folder, `${form}-${provider}.mjs`)
  await build({
    stdin: {
      contents: `import { smoke } from './smoke.js'\n${starts[form]}\n`,
      // Among the tests, which resolve the packages of the workspace to dist, as any user does.
      resolveDir: join(root, 'test/runtimes'),
      loader: 'ts',
    },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    conditions: provider === 'node' ? ['node', 'import'] : ['import'],
    external: provider === 'node' ? ['node:*'] : [],
    logLevel: 'warning',
    // What esbuild itself wrote into dist, where a chunk uses nothing of zod; below node_modules it would not say so.
    logOverride: { 'ignored-bare-import': 'silent' },
  })
  return form === 'worker' ? workerdConfiguration(folder, `${form}-${provider}.mjs`) : outfile
}

/**
 * @param {string} folder
 * @param {string} file
 */
function workerdConfiguration(folder, file) {
  const path = join(folder, 'worker.capnp')
  writeFileSync(
    path,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "smoke", worker = (
    modules = [(name = "smoke", esModule = embed "${file}")],
    compatibilityDate = "2026-11-01",
  ))],
);
`,
  )
  return path
}
