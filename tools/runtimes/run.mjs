// `npm run test:runtimes`: one smoke file, bundled from the built packages, on every runtime that is there. Each runs in
// a process of its own, under a time limit. The last line is `N passed, N failed, N skipped`.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleSmoke } from './bundle.mjs'
import { findChromium } from './chromium.mjs'

const limitMilliseconds = 60_000
const folder = mkdtempSync(join(tmpdir(), 'certwright-runtimes-'))

/**
 * @typedef {object} Runtime
 * @property {string} name
 * @property {string} program
 * @property {(file: string) => string[]} args
 * @property {readonly ('node' | 'web')[]} providers which of core's two providers it has to run
 * @property {'script' | 'worker' | 'page'} form how the smoke file is started
 */

/** @param {string} path below this folder's node_modules */
const installed = (path) => fileURLToPath(new URL(`node_modules/${path}`, import.meta.url))
const here = (/** @type {string} */ file) => fileURLToPath(new URL(file, import.meta.url))
const both = /** @type {const} */ (['node', 'web'])

/** @type {Runtime[]} */
const runtimes = [
  { name: 'Node (host)', program: process.execPath, args: (file) => [file], providers: both, form: 'script' },
  ...['22', '24', '26'].map(
    /** @returns {Runtime} */ (major) => ({
      name: `Node ${major}`,
      program: installed(`node${major}/bin/node`),
      args: (file) => [file],
      providers: both,
      form: 'script',
    }),
  ),
  {
    name: 'Bun',
    program: installed('@oven/bun-linux-x64/bin/bun'),
    args: (file) => [file],
    providers: both,
    form: 'script',
  },
  {
    name: 'Deno',
    program: installed('@deno/linux-x64-glibc/deno'),
    // No permission at all: the library needs none.
    args: (file) => ['run', '--no-prompt', '--no-config', '--cached-only', file],
    providers: both,
    form: 'script',
  },
  {
    name: 'workerd',
    program: installed('@cloudflare/workerd-linux-64/bin/workerd'),
    args: (file) => ['test', file],
    providers: ['web'],
    form: 'worker',
  },
  {
    name: 'Chromium',
    program: findChromium() ?? '',
    args: (file) => [here('chromium.mjs'), file],
    providers: ['web'],
    form: 'page',
  },
]

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {Promise<{ code: number | undefined, output: string }>} code `undefined`: it did not end in time
 */
function capture(program, args) {
  return new Promise((resolve) => {
    // A group of its own: a browser leaves children behind when it is killed alone.
    const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    let output = ''
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    }, limitMilliseconds)
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => (output += text))
    }
    child.on('error', (error) => {
      clearTimeout(timer)
      resolve({ code: 1, output: error.message })
    })
    child.on('close', (code) => {
      clearTimeout(timer)
      resolve({ code: isLate ? undefined : (code ?? 1), output })
    })
  })
}

/**
 * @param {Runtime} runtime
 * @param {'node' | 'web'} provider
 * @returns {Promise<{ state: 'passed' | 'failed' | 'skipped', note: string, output?: string }>}
 */
async function runOne(runtime, provider) {
  if (runtime.program === '') return { state: 'skipped', note: 'no chromium command found' }
  if (!existsSync(runtime.program)) return { state: 'skipped', note: `not installed: ${runtime.program}` }
  const file = await bundleSmoke(folder, runtime.form, provider)
  const isPage = runtime.form === 'page'
  const started = performance.now()
  const { code, output } = await capture(isPage ? process.execPath : runtime.program, runtime.args(file))
  const seconds = `${((performance.now() - started) / 1000).toFixed(1)} s`
  if (code === undefined)
    return { state: 'failed', note: `no end after ${limitMilliseconds / 1000} s`, output }
  // What it says is believed, not that it ended well: a file that did nothing would end well too.
  const said = /^.*smoke: (ok .+)$/m.exec(output)?.[1]
  if (code !== 0 || said === undefined) return { state: 'failed', note: `exit code ${code}`, output }
  return { state: 'passed', note: `${seconds}  ${said}` }
}

/** @param {Runtime} runtime */
async function versionOf({ program, form }) {
  if (!existsSync(program)) return ''
  const { output } = await capture(program, form === 'page' ? ['--version', '--no-sandbox'] : ['--version'])
  return /\d+[.-]\d[\w.-]*/.exec(output)?.[0] ?? ''
}

const count = { passed: 0, failed: 0, skipped: 0 }
try {
  for (const runtime of runtimes) {
    const version = await versionOf(runtime)
    for (const provider of runtime.providers) {
      const { state, note, output } = await runOne(runtime, provider)
      count[state]++
      const cryptography = provider === 'node' ? 'node:crypto' : 'WebCrypto'
      const columns = [state.padEnd(7), runtime.name.padEnd(11), version.padEnd(14), cryptography.padEnd(11)]
      process.stdout.write(`${columns.join('  ')}  ${note}\n`)
      if (output) process.stdout.write(`${output.trimEnd().replace(/^/gm, '    ')}\n`)
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.stdout.write(`\n${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`)
process.exitCode = count.failed === 0 ? 0 : 1
