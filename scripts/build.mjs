// Builds the packages whose inputs changed since their last build, in the order of their dependencies.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const stampFile = join(root, 'node_modules/.build-stamps.json')

/**
 * @typedef {{ folder: string, name: string, dependencies: string[], sources: string[], outputs: string[] }} Package
 */

/**
 * The files that a conditions object of package.json leads to.
 *
 * @param {unknown} target
 * @returns {string[]}
 */
function targets(target) {
  if (typeof target === 'string') return [target]
  return target && typeof target === 'object' ? Object.values(target).flatMap(targets) : []
}

/** @returns {Package[]} */
function readPackages() {
  return readdirSync(join(root, 'packages'))
    .filter((name) => existsSync(join(root, 'packages', name, 'tsup.config.ts')))
    .map((name) => {
      const folder = join('packages', name)
      const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
      const files = [manifest.exports, manifest.imports, manifest.bin].flatMap(targets)
      return {
        folder,
        name: manifest.name,
        dependencies: Object.keys(manifest.dependencies ?? {}),
        sources: files.filter((file) => file.startsWith('./src/')),
        outputs: files.filter((file) => file.startsWith('./dist/')),
      }
    })
}

/**
 * @param {string} folder relative to the root
 * @returns {string[]} every file below it that a build reads, sorted
 */
function inputFiles(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return inputFiles(path)
      return entry.name.endsWith('.test.ts') ? [] : [path]
    })
}

/**
 * @param {Package} pkg
 * @param {readonly Package[]} packages
 * @param {Map<string, string>} known digests by package name, filled on the way
 * @returns {string}
 */
function digest(pkg, packages, known) {
  const seen = known.get(pkg.name)
  if (seen !== undefined) return seen
  const hash = createHash('sha256')
  const own = ['package.json', 'tsup.config.ts', 'tsconfig.json'].map((file) => join(pkg.folder, file))
  for (const file of ['pnpm-lock.yaml', 'tsconfig.json', ...own, ...inputFiles(join(pkg.folder, 'src'))]) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
      .update('\0')
  }
  for (const dependency of packages.filter(({ name }) => pkg.dependencies.includes(name))) {
    hash.update(digest(dependency, packages, known))
  }
  const value = hash.digest('hex')
  known.set(pkg.name, value)
  return value
}

/**
 * Dependencies before their dependents.
 *
 * @param {readonly Package[]} packages
 * @returns {Package[]}
 */
function inBuildOrder(packages) {
  /** @type {Set<Package>} */
  const ordered = new Set()
  /** @param {Package} pkg */
  const visit = (pkg) => {
    for (const dependency of packages) if (pkg.dependencies.includes(dependency.name)) visit(dependency)
    ordered.add(pkg)
  }
  for (const pkg of packages) visit(pkg)
  return [...ordered]
}

function main() {
  const packages = inBuildOrder(readPackages())
  const missing = packages.flatMap(({ folder, sources }) =>
    (existsSync(join(root, folder, 'src')) ? sources : ['./src'])
      .filter((file) => !existsSync(join(root, folder, file)))
      .map((file) => join(folder, file)),
  )
  if (missing.length > 0) {
    process.stderr.write(`certwright: cannot build: missing ${missing.join(', ')}\n`)
    return 1
  }

  /** @type {Record<string, string>} */
  const stamps = existsSync(stampFile) ? JSON.parse(readFileSync(stampFile, 'utf8')) : {}
  /** @type {Map<string, string>} */
  const digests = new Map()
  const stale = packages.filter(
    (pkg) =>
      digest(pkg, packages, digests) !== stamps[pkg.name] ||
      pkg.outputs.some((file) => !existsSync(join(root, pkg.folder, file))),
  )
  if (stale.length === 0) return 0

  process.stderr.write(`certwright: building ${stale.map(({ name }) => name).join(', ')}\n`)
  for (const pkg of stale) {
    const tsup = join(root, 'node_modules/tsup/dist/cli-default.js')
    const { status, stdout, stderr } = spawnSync(process.execPath, [tsup, '--silent'], {
      cwd: join(root, pkg.folder),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const absent = pkg.outputs.filter((file) => !existsSync(join(root, pkg.folder, file)))
    if (status !== 0 || absent.length > 0) {
      process.stderr.write(stdout + stderr)
      if (absent.length > 0)
        process.stderr.write(`certwright: ${pkg.name} was built without ${absent.join(', ')}\n`)
      process.stderr.write(`certwright: the build of ${pkg.name} failed\n`)
      return 1
    }
    // The digest from before the build: what was edited meanwhile is built again next time.
    stamps[pkg.name] = /** @type {string} */ (digests.get(pkg.name))
    writeFileSync(stampFile, JSON.stringify(stamps, undefined, 2))
  }
  return 0
}

process.exitCode = main()
