import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './packages.js'

/** A piece of code from the README. */
export interface Snippet {
  readonly imports: readonly string[]
  readonly body: readonly string[]
}

/** What the README shows in TypeScript, in order: how to embed, how to serve. */
export function readmeSnippets(): readonly Snippet[] {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  return [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => snippetOf(code))
}

function snippetOf(code: string): Snippet {
  const lines = code.trim().split('\n')
  const imports = lines.filter((line) => line.startsWith('import '))
  return { imports, body: lines.slice(imports.length).join('\n').trim().split('\n') }
}

/** A snippet as a whole file. In a function, because CommonJS has no top-level `await`. */
export const typescriptOf = ({ imports, body }: Snippet): string =>
  [...imports, 'export async function example() {', ...body, '}', ''].join('\n')

/** The same as JavaScript that runs and prints `printed` as JSON. The snippets have no types, so only `import` differs. */
export function javascriptOf(
  { imports, body }: Snippet,
  format: 'esm' | 'cjs',
  printed: readonly string[],
): string {
  const heads = format === 'esm' ? imports : imports.map(requireOf)
  const print = `console.log(JSON.stringify({ ${printed.join(', ')} }))`
  return [...heads, 'async function example() {', ...body, print, '}', 'example()', ''].join('\n')
}

const requireOf = (line: string): string =>
  line.replace(/^import (\{.*\}) from ('.*')$/, 'const $1 = require($2)')
