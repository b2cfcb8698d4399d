import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import ts from 'typescript'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { installConsumer, typeCheck } from './consumer.js'
import { capture, pack, type PublicPackage, publicPackages, tarballOf } from './packages.js'
import { javascriptOf, readmeSnippets, typescriptOf } from './readme.js'

const packages = publicPackages()
const folder = mkdtempSync(join(tmpdir(), 'certwright-packaging-'))
const consumer = join(folder, 'consumer')
let unreachable: string | undefined

beforeAll(async () => {
  await pack(folder)
  const tarballs = packages.map((each) => tarballOf(folder, each))
  unreachable = await installConsumer(consumer, tarballs)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.each(packages)('$name, as packed', (each) => {
  it('has nothing for publint to say', async () => {
    const tarball = new Uint8Array(readFileSync(tarballOf(folder, each))).buffer
    const { messages, pkg } = await publint({ pack: { tarball }, strict: true })
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([])
  })

  it('has types that resolve from ESM, from CommonJS and for bundlers', async () => {
    const tarball = createPackageFromTarballData(readFileSync(tarballOf(folder, each)))
    const { problems } = { problems: [], ...(await checkPackage(tarball)) }
    // The resolution of TypeScript 4 and of Node 10 knows no `exports`.
    const problemsToday = problems.filter(
      (problem) => !('resolutionKind' in problem && problem.resolutionKind === 'node10'),
    )
    expect(problemsToday).toEqual([])
  })
})

describe('in an empty project outside the workspace', () => {
  const [embed, serve] = readmeSnippets()
  const printed = ['certificatePem: certificate.certificatePem', 'privateKeyPem']

  beforeEach(({ skip }) => skip(unreachable !== undefined, unreachable))

  it.each(['esm', 'cjs'] as const)('runs the first example of the README as %s', async (format) => {
    const file = join(consumer, format === 'esm' ? 'embed.mjs' : 'embed.cjs')
    writeFileSync(file, javascriptOf(embed!, format, printed))
    const answer = await capture(process.execPath, [file], consumer)
    expect(answer).toMatchObject({ code: 0 })

    const { certificatePem, privateKeyPem } = JSON.parse(answer.output) as Record<string, string>
    const certificate = new X509Certificate(certificatePem!)
    expect(certificate.checkHost('db.example.org')).toBe('db.example.org')
    expect(certificate.checkPrivateKey(createPrivateKey(privateKeyPem!))).toBe(true)
  })

  it('type-checks it with nothing but ES2022: no DOM, no types of Node', async () => {
    const files = { 'embed.mts': typescriptOf(embed!), 'embed.cts': typescriptOf(embed!) }
    expect(await typeCheck(consumer, files, [])).toEqual({ code: 0, output: '' })
  })

  it('type-checks the second, and every entry point of every package', async () => {
    const both = typescriptOf({
      imports: [...embed!.imports, ...serve!.imports],
      body: [...embed!.body, ...serve!.body],
    })
    const imports = entryPoints().map((name, i) => `export * as entry${i} from '${name}'\n`)
    const files = { 'serve.mts': both, 'serve.cts': both, 'entries.mts': imports.join('') }
    expect(await typeCheck(consumer, files, ['node'])).toEqual({ code: 0, output: '' })
  })

  // Whoever asks for arbitraries of fast-check has fast-check.
  it('has no third-party type in any declaration but those of the arbitraries', () => {
    const foreign = declarations().flatMap(({ file, text }) =>
      importedFrom(text)
        .filter((name) => !/^(\.\.?\/|node:|@certwright\/)/.test(name))
        .filter((name) => !(name === 'fast-check' && file.startsWith('@certwright/testing/arbitraries.d.')))
        .map((name) => `${file} imports ${name}`),
    )
    expect(declarations().length).toBeGreaterThan(0)
    expect(foreign).toEqual([])
  })
})

const installedIn = ({ name }: PublicPackage): string => join(consumer, 'node_modules', name)

/** What can be imported for its types, as `exports` of the installed packages say. */
function entryPoints(): readonly string[] {
  return packages.flatMap((each) => {
    const manifest = JSON.parse(readFileSync(join(installedIn(each), 'package.json'), 'utf8')) as {
      exports: Record<string, unknown>
    }
    const paths = Object.entries(manifest.exports).filter(([, target]) => typeof target === 'object')
    return paths.map(([path]) => join(each.name, path))
  })
}

function declarations(): readonly { readonly file: string; readonly text: string }[] {
  return packages.flatMap((each) => {
    const dist = join(installedIn(each), 'dist')
    const files = readdirSync(dist, { recursive: true, encoding: 'utf8' })
    return files
      .filter((file) => /\.d\.c?ts$/.test(file))
      .map((file) => ({ file: join(each.name, file), text: readFileSync(join(dist, file), 'utf8') }))
  })
}

/** Of `import … from`, `export … from`, `import()` and `import x = require()`. */
const importedFrom = (text: string): readonly string[] =>
  ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName)
