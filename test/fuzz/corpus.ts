import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readPack } from '../conformance/pack.js'
import { ownArtefacts } from './own-artefacts.js'

const fuzzPack = 'fuzz-boringssl'

/** Where every run starts: what we write ourselves, and the corpora of BoringSSL where they are present. */
export async function startCorpus(vectors: string): Promise<readonly Uint8Array[]> {
  const own = await ownArtefacts()
  if (!existsSync(join(vectors, fuzzPack))) return own
  const foreign = readPack(vectors, fuzzPack).cases.map(({ inputs }) =>
    Buffer.from(String(inputs['der']), 'base64'),
  )
  return [...own, ...foreign.map((bytes) => new Uint8Array(bytes))]
}
