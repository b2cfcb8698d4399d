import { readFile } from 'node:fs/promises'
import { pemEncode } from '@certwright/core'
import { decryptPrivateKey } from '@certwright/containers'
import { CommandError } from '../command-error.js'

/** What goes into an export. Texts are PEM. */
export interface ExportMaterial {
  readonly certificate?: string
  readonly chain?: string
  readonly privateKey?: string
  /** Of what is made. */
  readonly password?: string
  readonly name?: string
}

/** Enough for any certificate, key and chain. */
const maximumFileLength = 1024 * 1024

/** Read the files that the flags name; an encrypted key is opened with its own password. */
export async function readMaterial(flags: ReadonlyMap<string, string>): Promise<ExportMaterial> {
  const certificate = await readNamed(flags, 'certificate')
  const chain = await readNamed(flags, 'chain')
  const key = await readNamed(flags, 'key')
  const password = await readPassword(flags, 'password-file')
  const name = flags.get('name')
  return {
    ...(certificate !== undefined && { certificate }),
    ...(chain !== undefined && { chain }),
    ...(key !== undefined && {
      privateKey: await openKey(key, await readPassword(flags, 'key-password-file')),
    }),
    ...(password !== undefined && { password }),
    ...(name !== undefined && { name }),
  }
}

async function openKey(key: string, password: string | undefined): Promise<string> {
  if (!key.includes('-----BEGIN ENCRYPTED PRIVATE KEY-----')) return key
  if (password === undefined) {
    throw new CommandError(
      'usage',
      'cannot export: the key is encrypted; name the file with its password: --key-password-file',
    )
  }
  const pkcs8Der = await decryptPrivateKey(key, password)
  try {
    return pemEncode('PRIVATE KEY', pkcs8Der)
  } finally {
    pkcs8Der.fill(0)
  }
}

/** Passwords come from files: an argument can be read by every user of the machine. The line's end is not part of it. */
async function readPassword(flags: ReadonlyMap<string, string>, flag: string): Promise<string | undefined> {
  const text = await readNamed(flags, flag)
  return text?.replace(/\r?\n$/, '')
}

async function readNamed(flags: ReadonlyMap<string, string>, flag: string): Promise<string | undefined> {
  const file = flags.get(flag)
  if (file === undefined) return undefined
  const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    const state =
      cause.code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${cause.code ?? 'unknown'})`
    throw new CommandError('failure', `cannot export: --${flag} ${file}: ${state}`, { cause })
  })
  if (bytes.length > maximumFileLength) {
    throw new CommandError(
      'failure',
      `cannot export: --${flag} ${file}: it has more than ${maximumFileLength} bytes`,
    )
  }
  return bytes.toString('utf8')
}
