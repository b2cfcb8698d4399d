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
    /** '' where the case does not say what is expected. */
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

/** Where the cases lie, if the manifest names no file. */
const usualFile = 'cases.ndjson.gz'

/** The packs that lie in a folder, sorted; `undefined` where there is no such folder. */
export function packNames(folder: string): readonly string[] | undefined {
  if (!existsSync(folder)) return undefined
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, manifestFile)))
    .sort()
}

/**
 * Read a pack whole. A case must say what it is; whether its inputs are what its kind needs is for the judge of that
 * kind.
 *
 * @throws {Error} the folder holds no pack of this format, or a line of it is no case
 */
export function readPack(folder: string, name: string): Pack {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, name, manifestFile), 'utf8'))
  if (!isObject(manifest) || manifest['format'] !== format)
    throw new Error(`it is not in the format ${format}`)
  const file = typeof manifest['file'] === 'string' ? manifest['file'] : usualFile
  const lines = gunzipSync(readFileSync(join(folder, name, file)))
    .toString()
    .split('\n')
  const numbered = lines.map((line, i) => ({ line, number: i + 1 })).filter(({ line }) => line.trim() !== '')
  return { name, cases: numbered.map(({ line, number }) => caseOf(line, number)) }
}

function caseOf(line: string, number: number): Case {
  const value = parsed(line)
  if (!isObject(value)) throw new Error(`line ${number} is no JSON object`)
  const { id, kind, expected } = value
  if (typeof id !== 'string' || typeof kind !== 'string')
    throw new Error(`the case of line ${number} has no id or no kind`)
  const result = isObject(expected) && typeof expected['result'] === 'string' ? expected['result'] : ''
  // Of types that JSON cannot promise: what a judge does not find there fails in it, by the id of the case.
  return {
    inputs: {},
    params: {},
    time: null,
    ...value,
    expected: { ...expectedOf(expected), result },
  } as Case
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

const expectedOf = (value: unknown): object => (isObject(value) ? value : {})

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
