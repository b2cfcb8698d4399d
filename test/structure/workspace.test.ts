import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))

interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly license?: string
  readonly type?: string
  readonly sideEffects?: boolean
  readonly engines?: { readonly node?: string }
  readonly files?: readonly string[]
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(root + path, 'utf8'))
}

const manifests = readdirSync(`${root}packages`)
  .map((folder) => `packages/${folder}/package.json`)
  .filter((path) => existsSync(root + path))
  .map((path) => readJson(path) as Manifest)
const published = manifests.filter((manifest) => !manifest.private)

describe('the published packages', () => {
  it('are released together', () => {
    const { fixed } = readJson('.changeset/config.json') as { fixed: string[][] }
    expect(fixed).toHaveLength(1)
    expect([...(fixed[0] ?? [])].sort()).toEqual(published.map(({ name }) => name).sort())
    expect(new Set(published.map(({ version }) => version)).size).toBe(1)
  })

  it.each(published)('$name says what it needs and what it ships', (manifest) => {
    expect(manifest).toMatchObject({
      license: 'MIT',
      type: 'module',
      sideEffects: false,
      engines: { node: '>=20.19' },
      files: ['dist'],
    })
  })
})
