// `npm test`: the checks, the build and the tests. Nothing stops at the first failure, so that one run tells all.
// The last line is always `N passed, N failed, N skipped`; a check that fails counts as one failed test.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const node = process.execPath

/** @typedef {{ name: string, script: string, args: string[] }} Check */

/** @type {Check[]} the slow ones first */
const checks = [
  { name: 'build', script: 'scripts/build.mjs', args: [] },
  {
    name: 'types',
    script: 'node_modules/typescript/bin/tsc',
    args: ['-p', 'tsconfig.json', '--pretty', 'false'],
  },
  { name: 'unused code', script: 'node_modules/knip/bin/knip.js', args: ['--no-progress'] },
  { name: 'lint', script: 'node_modules/oxlint/bin/oxlint', args: ['--type-aware', '--deny-warnings', '.'] },
  { name: 'format', script: 'node_modules/@biomejs/biome/bin/biome', args: ['format', '.'] },
]

/**
 * @param {readonly string[]} command
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<{ code: number, output: string }>}
 */
function capture(command, env = process.env) {
  return new Promise((resolve) => {
    const child = spawn(node, command, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
    /** @type {Buffer[]} */
    const chunks = []
    child.stdout.on('data', (chunk) => chunks.push(chunk))
    child.stderr.on('data', (chunk) => chunks.push(chunk))
    child.on('error', (error) => resolve({ code: 1, output: String(error) }))
    child.on('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString() }))
  })
}

/**
 * @param {readonly string[]} command
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>}
 */
function show(command, env) {
  return new Promise((resolve) => {
    const child = spawn(node, command, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] })
    child.on('error', () => resolve(1))
    child.on('close', (code) => resolve(code ?? 1))
  })
}

async function runChecks() {
  const queue = [...checks]
  let failed = 0
  const worker = async () => {
    for (let check = queue.shift(); check; check = queue.shift()) {
      const started = performance.now()
      const { code, output } = await capture([check.script, ...check.args])
      const seconds = ((performance.now() - started) / 1000).toFixed(1)
      if (code !== 0) failed++
      process.stdout.write(`${code === 0 ? 'ok    ' : 'FAILED'} ${check.name} (${seconds} s)\n`)
      if (code !== 0) process.stdout.write(`${output.trimEnd()}\n\n`)
    }
  }
  await Promise.all([worker(), worker()])
  return failed
}

/**
 * @param {readonly string[]} args
 * @returns {Promise<{ passed: number, failed: number, skipped: number }>}
 */
async function runTests(args) {
  const folder = mkdtempSync(join(tmpdir(), 'certwright-test-'))
  const summary = join(folder, 'summary.json')
  const env = { ...process.env, CERTWRIGHT_TEST_SUMMARY: summary }
  const code = await show(['node_modules/vitest/vitest.mjs', 'run', ...args], env)
  const counted = existsSync(summary)
    ? JSON.parse(readFileSync(summary, 'utf8'))
    : { passed: 0, failed: 0, skipped: 0 }
  rmSync(folder, { recursive: true, force: true })
  if (code !== 0 && counted.failed === 0) counted.failed = 1
  return counted
}

const failedChecks = await runChecks()
const tests = await runTests(process.argv.slice(2))
const failed = tests.failed + failedChecks
process.stdout.write(`\n${tests.passed} passed, ${failed} failed, ${tests.skipped} skipped\n`)
process.exitCode = failed === 0 ? 0 : 1
