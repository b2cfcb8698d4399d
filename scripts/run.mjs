// The one entry of every command: sets the workspace up when it has to, with nothing but Node and npm, then goes on.
//
//   node scripts/run.mjs setup | build | start [args] | test [vitest args] | bench NAME [--json] | pnpm <args>
//   node scripts/run.mjs conformance [args] | fuzz [args] | torture [args] | mutate [PLACE…] | runtimes
//
// What this file and its children say about setting up and building goes to stderr: stdout belongs to the command.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const localPnpm = join(root, 'node_modules/pnpm/bin/pnpm.cjs')
const stampFile = join(root, 'node_modules/.bootstrap-stamp')

// An empty HOME makes npm and pnpm write their caches into the working directory; an absent one is looked up.
if (process.env['HOME'] === '') delete process.env['HOME']
// npm hands its own level, "silent" by the project's .npmrc, to everything below it.
delete process.env['npm_config_loglevel']

/** @param {string} text */
function progress(text) {
  process.stderr.write(`certwright: ${text}\n`)
}

/**
 * Run one program in the workspace root and wait for it.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {import('node:child_process').StdioOptions} stdio
 * @returns {number} its exit code, 1 when it could not start or was killed
 */
function run(program, args, stdio) {
  const shell = process.platform === 'win32' && program === 'npm'
  const { error, status } = spawnSync(program, args, { cwd: root, stdio, shell })
  if (error) progress(`cannot run ${program}: ${error.message}`)
  return status ?? 1
}

/**
 * @param {readonly string[]} args
 * @param {import('node:child_process').StdioOptions} stdio
 */
function pnpm(args, stdio) {
  // Warm: the pnpm among the root's devDependencies, because `npm exec` asks the registry even for a cached version.
  if (existsSync(localPnpm)) return run(process.execPath, [localPnpm, ...args], stdio)
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const version = packageManager.split('+')[0]
  const exec = ['exec', '--yes', '--loglevel=error', '--package', version, '--', 'pnpm', ...args]
  const npmCli = process.env['npm_execpath']
  if (npmCli?.endsWith('npm-cli.js')) return run(process.execPath, [npmCli, ...exec], stdio)
  return run('npm', exec, stdio)
}

function workspaceFolders() {
  const below = ['packages', 'examples'].flatMap((folder) =>
    existsSync(join(root, folder)) ? readdirSync(join(root, folder)).map((name) => join(folder, name)) : [],
  )
  return ['.', ...below, 'test', 'bench'].filter((folder) => existsSync(join(root, folder, 'package.json')))
}

function bootstrapStamp() {
  const hash = createHash('sha256').update(process.version).update(process.platform).update(process.arch)
  hash
    .update(readFileSync(join(root, 'pnpm-lock.yaml')))
    .update(readFileSync(join(root, 'pnpm-workspace.yaml')))
  for (const folder of workspaceFolders()) {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
      readFileSync(join(root, folder, 'package.json'), 'utf8'),
    )
    hash.update(JSON.stringify([folder, dependencies, devDependencies, optionalDependencies]))
    const needsModules = dependencies ?? devDependencies ?? optionalDependencies
    if (needsModules && !existsSync(join(root, folder, 'node_modules'))) return 'incomplete'
  }
  return hash.digest('hex')
}

function install() {
  const wanted = bootstrapStamp()
  if (wanted !== 'incomplete' && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) return 0
  progress('installing dependencies')
  const args = ['install', '--frozen-lockfile', '--prefer-offline', '--reporter=append-only']
  const isLocal = existsSync(localPnpm)
  let code = pnpm(args, ['ignore', 2, 2])
  // A node_modules of another store, as when HOME has changed, is made anew: with the pnpm that was running in it.
  if (code !== 0 && isLocal && !existsSync(localPnpm)) code = pnpm(args, ['ignore', 2, 2])
  if (code !== 0) {
    progress('the installation failed')
    return code
  }
  writeFileSync(stampFile, bootstrapStamp())
  return 0
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Promise<number | undefined>} the exit code, or undefined while the command goes on in this process
 */
async function main(command, args) {
  const installed = install()
  if (installed !== 0) return installed
  // Programs of the workspace are found by name, as in a package script.
  const separator = process.platform === 'win32' ? ';' : ':'
  process.env['PATH'] = [join(root, 'node_modules/.bin'), process.env['PATH']].join(separator)
  switch (command) {
    case 'setup':
      return 0
    case 'build':
      return run(process.execPath, [join(root, 'scripts/build.mjs')], ['ignore', 2, 2])
    case 'pnpm':
      return pnpm(args, 'inherit')
    case 'test':
      return run(process.execPath, [join(root, 'scripts/test.mjs'), ...args], ['ignore', 1, 2])
    case 'conformance':
    case 'differential':
    case 'fuzz':
    case 'mutate':
      return run(process.execPath, [join(root, `scripts/${command}.mjs`), ...args], ['ignore', 1, 2])
    case 'runtimes': {
      const built = run(process.execPath, [join(root, 'scripts/build.mjs')], ['ignore', 2, 2])
      if (built !== 0) return built
      // What cannot be installed is reported as skipped, by name.
      pnpm(['--dir', 'tools/runtimes', 'install', '--frozen-lockfile', '--prefer-offline'], ['ignore', 2, 2])
      return run(process.execPath, [join(root, 'tools/runtimes/run.mjs')], ['ignore', 1, 2])
    }
    case 'start':
    case 'torture':
    case 'bench': {
      const built = run(process.execPath, [join(root, 'scripts/build.mjs')], ['ignore', 2, 2])
      if (built !== 0) return built
      if (command !== 'start')
        return run(process.execPath, [join(root, `scripts/${command}.mjs`), ...args], 'inherit')
      // In this process, so that a signal to it reaches the server and no orphan is left behind.
      const cli = join(root, 'packages/cli/dist/main.js')
      progress('starting')
      process.argv = [process.execPath, cli, 'serve', ...args]
      await import(pathToFileURL(cli).href)
      return undefined
    }
    default:
      progress(`unknown command "${command}"`)
      return 2
  }
}

const code = await main(process.argv[2] ?? 'setup', process.argv.slice(3))
if (code !== undefined) process.exitCode = code
