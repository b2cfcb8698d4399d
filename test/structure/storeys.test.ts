import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { checkStructure, type RuleName, type SourceFile } from './storeys.js'

const root = fileURLToPath(new URL('../../', import.meta.url))

function readSources(): SourceFile[] {
  return readdirSync(join(root, 'packages'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => /^packages\/[^/]+\/src\//.test(path))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
}

describe('the sources', () => {
  // It parses every source file: seconds, and more on a machine that is busy.
  it('keep to the storeys, rooms and doors of the architecture', { timeout: 120_000 }, () => {
    const sources = readSources()
    expect(sources.length, 'the check must see sources').toBeGreaterThan(0)
    const lines = checkStructure(sources).map(
      ({ rule, path, line, message }) => `${path}:${line} ${rule}: ${message}`,
    )
    expect(lines).toEqual([])
  })
})

const core = 'packages/core/src/'

/** Sources by path below packages/core/src, or by full path. */
function files(texts: Record<string, string>): SourceFile[] {
  return Object.entries(texts).map(([path, text]) => ({
    path: path.startsWith('packages/') ? path : core + path,
    text,
  }))
}

const empty = 'export {}'

const breaches: [sentence: string, rule: RuleName, texts: Record<string, string>][] = [
  [
    'a lower storey imports a higher one',
    'storey',
    {
      'asn1/a.ts': `import { b } from '../x509/b.js'`,
      'x509/b.ts': 'export const b = 1',
    },
  ],
  [
    'a type import goes up',
    'storey',
    {
      'errors/a.ts': `import type { B } from '../ports/b.js'`,
      'ports/b.ts': 'export type B = 1',
    },
  ],
  [
    'a re-export goes up',
    'storey',
    {
      'rules/a.ts': `export * from '../flows/issue/b.js'`,
      'flows/issue/b.ts': empty,
    },
  ],
  [
    'an import() goes up',
    'storey',
    {
      'steps/tbs/a.ts': `export const b = () => import('../../signing/b.js')`,
      'signing/b.ts': empty,
    },
  ],
  [
    'a typeof import() goes up',
    'storey',
    {
      'encoding/a.ts': `export type B = typeof import('../asn1/b.js')`,
      'asn1/b.ts': empty,
    },
  ],
  ['something imports index.ts', 'storey', { 'authority/a.ts': `import '../index.js'`, 'index.ts': empty }],
  [
    'the platform switch is used below crypto',
    'storey',
    {
      'asn1/a.ts': `import { platformCrypto } from '#platform-crypto'`,
      'crypto/provider-node.ts': 'export const platformCrypto = 1',
      'crypto/provider-web.ts': 'export const platformCrypto = 1',
    },
  ],
  ['a folder is no storey', 'storey', { 'helpers/a.ts': empty }],
  [
    'a room of rules imports another',
    'room',
    {
      'rules/path/a.ts': `import '../lint/b.js'`,
      'rules/lint/b.ts': empty,
    },
  ],
  [
    'a room of steps imports another',
    'room',
    {
      'steps/tbs/a.ts': `import '../recording/b.js'`,
      'steps/recording/b.ts': empty,
    },
  ],
  [
    'a room of flows imports another',
    'room',
    {
      'flows/renew/a.ts': `import type { B } from '../issue/deep/b.js'`,
      'flows/issue/deep/b.ts': 'export type B = 1',
    },
  ],
  [
    'a file beside the rooms opens a tunnel',
    'room',
    { 'rules/a.ts': `import './lint/b.js'`, 'rules/lint/b.ts': empty },
  ],
  [
    'two files import each other',
    'cycle',
    { 'x509/a.ts': `import './b.js'`, 'x509/b.ts': `import './a.js'` },
  ],
  [
    'a cycle of three goes through a type import',
    'cycle',
    {
      'packages/http/src/a.ts': `import './b.js'`,
      'packages/http/src/b.ts': `import './c.js'`,
      'packages/http/src/c.ts': `import type { A } from './a.js'`,
    },
  ],
  [
    'a cycle goes through the platform switch',
    'cycle',
    {
      'crypto/a.ts': `import { platformCrypto } from '#platform-crypto'`,
      'crypto/provider-node.ts': `import './a.js'`,
      'crypto/provider-web.ts': empty,
    },
  ],
  ['core imports a package', 'package-direction', { 'authority/a.ts': `import '@certwright/memory'` }],
  [
    'memory imports http by a subpath',
    'package-direction',
    {
      'packages/memory/src/a.ts': `import '@certwright/http/node'`,
    },
  ],
  [
    'http imports memory by a relative path',
    'package-direction',
    {
      'packages/http/src/a.ts': `import '../../memory/src/index.js'`,
    },
  ],
  ['a package imports the command', 'package-direction', { 'packages/http/src/a.ts': `import 'certwright'` }],
  [
    'a package imports the private tests',
    'package-direction',
    {
      'packages/cli/src/a.ts': `import '@certwright/test'`,
    },
  ],
  ['a package has no row', 'package-direction', { 'packages/unheard-of/src/a.ts': empty }],
  ['a flow signs', 'sign', { 'flows/issue/a.ts': 'export const a = (deps: any) => deps.custody.sign(1)' }],
  [
    'a custody under another name signs',
    'sign',
    {
      'steps/issuer/a.ts': 'export function a(keys: KeyCustody) { return keys.sign(1) }',
    },
  ],
  [
    'a custody renamed by destructuring signs',
    'sign',
    {
      'flows/crl/a.ts': 'export const a = ({ custody: keys }: any) => keys.sign(1)',
    },
  ],
  [
    'sign is taken out of a custody',
    'sign',
    { 'authority/a.ts': 'const { sign } = deps.custody; export { sign }' },
  ],
  [
    'sign is reached by its name as text',
    'sign',
    { 'packages/http/src/a.ts': `export const a = custody['sign'](1)` },
  ],
  [
    'a flow opens a transaction',
    'transaction',
    {
      'flows/revoke/a.ts': 'export const a = (storage: any) => storage.transaction(() => 1)',
    },
  ],
  [
    'another room of steps opens a transaction',
    'transaction',
    {
      'steps/idempotency/a.ts': 'export const a = (storage: any) => storage?.transaction(() => 1)',
    },
  ],
  ['http opens a transaction', 'transaction', { 'packages/http/src/a.ts': 'storage.transaction(() => 1)' }],
  ['Date.now', 'ambient', { 'rules/path/a.ts': 'export const a = () => Date.now()' }],
  ['Date.now as a value', 'ambient', { 'authority/a.ts': 'export const clock = { now: Date.now }' }],
  ['new Date without arguments', 'ambient', { 'flows/crl/a.ts': 'export const a = () => new Date()' }],
  ['new Date without parentheses', 'ambient', { 'flows/crl/a.ts': 'export const a = () => new Date' }],
  ['globalThis.Date.now', 'ambient', { 'x509/a.ts': 'export const a = globalThis.Date.now()' }],
  ['Math.random', 'ambient', { 'x509/a.ts': 'export const a = Math.random()' }],
  ['globalThis.crypto', 'ambient', { 'crypto/digest.ts': 'export const a = globalThis.crypto' }],
  ['the global crypto', 'ambient', { 'crypto/digest.ts': 'export const a = crypto.subtle' }],
  ['getRandomValues', 'ambient', { 'steps/tbs/a.ts': 'export const a = (c: any) => c.getRandomValues(1)' }],
  [
    'randomBytes of a library',
    'ambient',
    { 'x509/a.ts': `import { randomBytes as r } from '@noble/hashes/utils.js'` },
  ],
  ['eval', 'eval', { 'encoding/a.ts': `export const a = eval('1')` }],
  ['new Function', 'eval', { 'packages/cli/src/a.ts': `export const a = new Function('return 1')` }],
]

describe('the check finds that', () => {
  it.each(breaches)('%s', (_sentence, rule, texts) => {
    expect([...new Set(checkStructure(files(texts)).map((found) => found.rule))]).toContain(rule)
  })

  it('names the file and the line', () => {
    const found = checkStructure(files({ 'x509/a.ts': '// first\nexport const a = Math.random()' }))
    expect(found).toEqual([
      {
        rule: 'ambient',
        path: `${core}x509/a.ts`,
        line: 2,
        message: 'Math.random outside authority/system.ts',
      },
    ])
  })
})

const allowed: [sentence: string, texts: Record<string, string>][] = [
  [
    'imports going down and within a storey',
    {
      'index.ts': `export * from './authority/authority.js'`,
      'authority/authority.ts': `import './system.js'; import '../flows/issue/issue.js'`,
      'authority/system.ts': 'export const now = () => new Date(); export const t = Date.now',
      'flows/issue/issue.ts': `import './parse.js'; import '../../rules/lint/lint.js'`,
      'flows/issue/parse.ts': empty,
      'rules/lint/lint.ts': `import '../fault.js'`,
      'rules/fault.ts': empty,
    },
  ],
  [
    'the platform switch and its two sides',
    {
      'crypto/digest.ts': `import { platformCrypto } from '#platform-crypto'`,
      'crypto/provider-node.ts': `import { randomBytes } from 'node:crypto'; import './provider.js'`,
      'crypto/provider-web.ts': 'export const platformCrypto = globalThis.crypto.getRandomValues',
      'crypto/provider.ts': empty,
    },
  ],
  ['custody.sign in signing/', { 'signing/a.ts': 'export const a = (deps: any) => deps.custody.sign(1)' }],
  [
    'custody.sign in the laws of custody',
    { 'packages/testing/src/custody/a.ts': 'export const a = (custody: any) => custody.sign(1)' },
  ],
  ['the sign of something that is no custody', { 'crypto/a.ts': 'export const a = (p: any) => p.sign(1)' }],
  [
    'transactions in steps/recording/ and in a storage adapter',
    {
      'steps/recording/a.ts': 'export const a = (storage: any) => storage.transaction(() => 1)',
      'packages/memory/src/storage.ts': 'export const a = (s: any) => s.transaction(() => 1)',
    },
  ],
  [
    'dates made of something, and a clock that is passed in',
    {
      'x509/a.ts': 'export const a = (clock: any) => new Date(clock.now())',
    },
  ],
  [
    'a parameter that is called crypto',
    { 'x509/a.ts': 'export const a = (crypto: any) => crypto.digest(1)' },
  ],
  [
    'a comment and a text that name what is forbidden',
    {
      'x509/a.ts': `// Math.random(), import '../flows/issue/b.js'\nexport const a = "eval('1') new Date()"`,
      'flows/issue/b.ts': empty,
    },
  ],
  ['the ambient clock outside core', { 'packages/http/src/a.ts': 'export const a = Date.now()' }],
  [
    'anything in a test file',
    {
      'asn1/a.test.ts': `import '../flows/issue/b.js'; Math.random(); eval('1')`,
      'flows/issue/b.ts': empty,
    },
  ],
  [
    'the directions of the packages',
    {
      'packages/memory/src/a.ts': `import '@certwright/core'`,
      'packages/cli/src/main.ts': `import '@certwright/core'; import '@certwright/memory'; import '@certwright/http/node'`,
    },
  ],
]

describe('the check lets pass', () => {
  it.each(allowed)('%s', (_sentence, texts) => {
    expect(checkStructure(files(texts))).toEqual([])
  })
})
