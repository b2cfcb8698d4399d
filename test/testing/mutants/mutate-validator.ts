import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { checkOcspResponse, verifyCertificate } from '@certwright/core/path'
import { bundle } from '../../../scripts/bundle.mjs'
import type { Mutant } from './mutants.js'

/** What the laws ask of a validator. */
export interface Validator {
  readonly verifyCertificate: typeof verifyCertificate
  readonly checkOcspResponse: typeof checkOcspResponse
}

const sources = fileURLToPath(new URL('../../../packages/core/src/', import.meta.url))

/** @throws {Error} what the mutant replaces does not stand in the source exactly once */
export async function mutateValidator({ file, from, to }: Mutant): Promise<Validator> {
  const path = join(sources, file)
  const source = await readFile(path, 'utf8')
  if (source.split(from).length !== 2) throw new Error(`${file} does not have exactly once: ${from}`)
  const contents = source.replace(from, () => to)
  const folder = await mkdtemp(join(tmpdir(), 'certwright-mutant-'))
  try {
    await bundle([join(sources, 'path.ts')], folder, {
      plugins: [
        {
          name: 'mutant',
          setup(build) {
            build.onLoad({ filter: /\.ts$/ }, (args) =>
              args.path === path ? { contents, loader: 'ts' } : undefined,
            )
          },
        },
      ],
    })
    return (await import(pathToFileURL(join(folder, 'path.mjs')).href)) as Validator
  } finally {
    await rm(folder, { recursive: true })
  }
}
