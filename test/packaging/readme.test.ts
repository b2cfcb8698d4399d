import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from './packages.js'
import { readmeSnippets } from './readme.js'

it('shows what examples/01-embed runs', () => {
  const [embed] = readmeSnippets()
  const example = readFileSync(join(root, 'examples/01-embed/main.ts'), 'utf8')
  const body = /^export async function \w+\(\) \{\n(.*?)^ {2}return /ms.exec(example)?.[1] ?? ''
  const dedented = body.trimEnd().replace(/^ {2}/gm, '').split('\n')

  expect(embed?.body).toEqual(dedented)
  expect(example.split('\n')).toEqual(expect.arrayContaining([...embed!.imports]))
})
