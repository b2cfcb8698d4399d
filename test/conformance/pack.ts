import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** One case of a pack in the format `pki-conformance-pack/1`. */
export interface Case {
  /** Unique in its pack. */
  readonly id: string
  readonly kind: string
  /** Base64, of DER or raw bytes. */
  readonly inputs: Readonly<Record<string, string | readonly string[]>>
  /** ISO 8601, UTC; `null` for the current time. */
  readonly time: string | null
  readonly params: Readonly<Record<string, unknown>>
  readonly expected: {
    readonly result: string
    readonly fields?: Readonly<Record<string, unknown>>
    /** Of a path: its user-constrained-policy-set (RFC 5280 §6.1.5 (g)). */
    readonly userPolicySet?: readonly string[]
  }
  /** Tags of the pack. */
  readonly features?: readonly string[]
}

export interface Pack {
  readonly name: string
  readonly cases: readonly Case[]
}

const format = 'pki-conformance-pack/1'
const manifestFile = 'manifest.json'
const casesFile = 'cases.ndjson.gz'

/** The packs that lie in a folder, sorted; `undefined` where there is no such folder. */
export function packNames(folder: string): readonly string[] | undefined {
  if (!existsSync(folder)) return undefined
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, manifestFile)))
    .sort()
}

/** @throws {Error} the folder holds no pack of this format */
export function readPack(folder: string, name: string): Pack {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, name, manifestFile), 'utf8'))
  if (!(manifest instanceof Object && 'format' in manifest && manifest.format === format)) {
    throw new Error(`Cannot read pack ${name}: it is not in the format ${format}`)
  }
  const lines = gunzipSync(readFileSync(join(folder, name, casesFile)))
    .toString()
    .split('\n')
  // The format is a contract with whoever made the pack: a case that breaks it fails in its judge, by its id.
  const cases = lines.filter((line) => line.trim() !== '').map((line) => JSON.parse(line) as Case)
  return { name, cases }
}
