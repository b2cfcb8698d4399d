import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MiniLeaf } from './mini-leaf.js'

interface Files {
  readonly rootPem: string
  readonly chainPem: string
  readonly leaves: readonly MiniLeaf[]
}

export async function writeFiles(folder: string, files: Files): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const written: string[] = []
  const write = async (name: string, text: string, mode: number): Promise<void> => {
    const path = join(folder, name)
    // A file that is there keeps its mode, and a link leads elsewhere: each is made anew.
    await rm(path, { force: true })
    await writeFile(path, text, { mode, flag: 'wx' })
    written.push(path)
  }
  await write('root.pem', files.rootPem, 0o644)
  await write('chain.pem', files.chainPem, 0o644)
  for (const [name, leaf] of namedLeaves(files.leaves)) {
    await write(`${name}.pem`, leaf.chainPem, 0o644)
    await write(`${name}.key`, leaf.privateKeyPem, 0o600)
  }
  return written
}

/** A name is any text, and one can have several certificates: what is no host becomes `_`, and the second gets a number. */
function namedLeaves(leaves: readonly MiniLeaf[]): Map<string, MiniLeaf> {
  const named = new Map<string, MiniLeaf>()
  const taken = new Set(['root', 'chain'])
  for (const leaf of leaves) {
    const safe = leaf.name
      .toLowerCase()
      .replace(/[^a-z0-9@.-]/g, '_')
      .replace(/^\.+/, '_')
      .slice(0, 100)
    let name = safe
    for (let number = 2; taken.has(name); number++) name = `${safe}-${number}`
    taken.add(name)
    named.set(name, leaf)
  }
  return named
}
