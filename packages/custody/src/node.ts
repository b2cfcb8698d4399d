import { readFile } from 'node:fs/promises'
import { PkiError } from '@certwright/core'
import { type KeyEncryptionKey, keyEncryptionKey, keyEncryptionKeyLength } from './key-encryption-key.js'

/**
 * The key-encryption key from an environment variable: 32 octets as 64 hex digits or as base64, as
 * `openssl rand -hex 32` or `openssl rand -base64 32` prints them.
 *
 * @throws {PkiError} `custody_unavailable`, not retryable: the variable is not set, or holds no such key
 */
export function keyEncryptionKeyFromEnv(name: string): KeyEncryptionKey {
  const text = process.env[name]
  if (text === undefined || text === '') throw noKey(`environment variable ${name}`, 'it is not set')
  return fromText(text, `environment variable ${name}`)
}

/**
 * The key-encryption key from a file with one line of the same form; lines that begin with `#` are comments.
 *
 * @throws {PkiError} `custody_unavailable`, not retryable: the file cannot be read, or holds no such key
 */
export async function keyEncryptionKeyFromFile(path: string): Promise<KeyEncryptionKey> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    throw noKey(path, `it cannot be read (${(cause as NodeJS.ErrnoException).code})`, cause)
  }
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'))
  if (lines.length !== 1) throw noKey(path, `it has ${lines.length} lines instead of one`)
  return fromText(lines[0] as string, path)
}

const forms: readonly { readonly form: RegExp; readonly encoding: 'hex' | 'base64' }[] = [
  { form: /^[0-9a-f]{64}$/i, encoding: 'hex' },
  { form: /^[A-Za-z0-9+/_-]{43}=?$/, encoding: 'base64' },
]

function fromText(text: string, source: string): KeyEncryptionKey {
  const trimmed = text.trim()
  const encoding = forms.find(({ form }) => form.test(trimmed))?.encoding
  // What it holds is not shown: it may be a key all the same.
  if (encoding === undefined)
    throw noKey(source, `it is not ${keyEncryptionKeyLength} octets in hex or base64`)
  const octets = Buffer.from(trimmed, encoding)
  try {
    return keyEncryptionKey(octets)
  } finally {
    octets.fill(0)
  }
}

function noKey(source: string, state: string, cause?: unknown): PkiError<'custody_unavailable'> {
  return new PkiError(
    'custody_unavailable',
    `Cannot take key-encryption key from ${source}: ${state}`,
    { retryable: false },
    { cause },
  )
}
